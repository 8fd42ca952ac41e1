import { DIALECT_NAMES, useHealth } from '../app/use-health'
import { StatusDot } from '../ui/figures'
import styles from './auth-layout.module.css'

/** Before anybody types a password: which server is asked, and whether it is well. */
export function ServerLine() {
  const { data, error } = useHealth()

  return (
    <p className={styles.server}>
      {data && !error ? (
        <>
          <StatusDot tone="good" /> Aurelius {data.version} on {location.host}, {DIALECT_NAMES[data.database.dialect]}{' '}
          {data.database.status}
        </>
      ) : null}
      {error ? (
        <>
          <StatusDot tone="bad" /> {error.message}
        </>
      ) : null}
    </p>
  )
}
