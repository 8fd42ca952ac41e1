import { Button } from '@mantine/core'
import { IconShieldQuestion } from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
import { Link } from 'react-router'
import { useServices } from '../app/services'
import { Moment } from '../ui/figures'
import styles from './live.module.css'

/** Asks the owner about what was done to their account elsewhere. It stays until it is answered. */
export function AccountAlerts() {
  const { account } = useServices().live
  const alerts = useSyncExternalStore(account.subscribe, account.get)

  return (
    <div role="status" className={styles.alerts}>
      {alerts.map(({ id, at, title, from, link }) => (
        <div key={id} className={styles.alert}>
          <IconShieldQuestion size="1.25rem" stroke={1.75} aria-hidden />
          <div>
            <strong>{title}</strong>
            <p>
              {from ? `${from}, ` : ''}
              <Moment at={at} />. Was this you?
            </p>
            <div className={styles.answers}>
              <Button size="compact-sm" variant="default" onClick={() => account.dismiss(id)}>
                Yes, it was me
              </Button>
              <Link to={link.to} onClick={() => account.dismiss(id)}>
                {link.label}
              </Link>
            </div>
          </div>
        </div>
      ))}
    </div>
  )
}
