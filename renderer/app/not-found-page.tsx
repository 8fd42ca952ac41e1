import { Link } from 'react-router'
import { Page } from '../ui/page'
import styles from './frame.module.css'

export function NotFoundPage() {
  return (
    <Page
      title="Page not found"
      lead="There is nothing at this address. It may have moved, or the link may be incomplete."
    >
      <p className={styles.wayBack}>
        <Link to="/">Go to the overview</Link>
      </p>
    </Page>
  )
}
