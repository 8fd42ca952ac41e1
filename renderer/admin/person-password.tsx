import { Button } from '@mantine/core'
import type { ManagedUser } from '../../contracts/admin'
import { CopyButton } from '../ui/copy-button'
import { Moment } from '../ui/figures'
import { LiveNotice, Notice } from '../ui/notice'
import styles from './admin.module.css'
import { useMakeResetLink } from './use-people'

interface PersonPasswordProps {
  person: ManagedUser
  onDone: (message: string | null) => void
}

/** Makes a link that sets somebody's password; it is shown nowhere else and never again. */
export function PersonPassword({ person, onDone }: PersonPasswordProps) {
  const make = useMakeResetLink(person.id)

  return (
    <div className={styles.body}>
      <p className={styles.quiet}>
        Who has forgotten the password sets a new one with a link from you. Until the link is used the old one counts;
        then every session of the account ends.
      </p>
      <LiveNotice tone="bad">{make.error?.message ?? null}</LiveNotice>
      {person.is_active ? (
        <Button
          variant="default"
          loading={make.isPending}
          onClick={() => {
            onDone(null)
            make.mutate(undefined)
          }}
        >
          Make a link
        </Button>
      ) : (
        <p className={styles.quiet}>First activate the account.</p>
      )}
      <div role="status" className={styles.body}>
        {make.data ? (
          <>
            <Notice tone="good">
              Give this link to {person.name} and to nobody else. It works once, until{' '}
              <Moment at={make.data.expires_at} />, and is not shown again.
            </Notice>
            <div className={styles.link}>
              <code>{make.data.url}</code>
              <CopyButton text={make.data.url} what="link" />
            </div>
          </>
        ) : null}
      </div>
    </div>
  )
}
