import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { accountData } from '../../contracts/account-data'
import { call } from '../api'
import { useServices } from '../app/services'
import { useAccount } from '../auth/use-session'
import { Card } from '../ui/card'
import { LiveNotice } from '../ui/notice'
import { saveFile } from '../ui/save-file'
import { DeleteAccountDialog } from './delete-account-dialog'
import styles from './profile.module.css'

/** What the server holds about the person: to take along, and to be rid of. */
export function YourDataCard() {
  const { session } = useServices()
  const { email } = useAccount()
  const [isDeleting, setDeleting] = useState(false)
  const download = useMutation({
    mutationFn: () => session.call((token) => call('/api/auth/my-data', accountData, { token })),
    onSuccess: (data) =>
      saveFile(
        `aurelius-my-data-${data.exported_at.slice(0, 10)}.json`,
        'application/json',
        JSON.stringify(data, null, 2),
      ),
  })

  return (
    <Card title="Your data">
      <div className={styles.sides}>
        <div className={styles.body}>
          <h3>Download it</h3>
          <p className={styles.lead}>
            One JSON file with all that this server holds about you. Passwords and tokens are not in it: the server has
            none that could be read.
          </p>
          <LiveNotice tone="good">{download.isSuccess ? 'Your data is downloaded.' : null}</LiveNotice>
          <LiveNotice tone="bad">{download.error ? download.error.message : null}</LiveNotice>
          <Button variant="default" loading={download.isPending} onClick={() => download.mutate()}>
            Download my data
          </Button>
        </div>
        <div className={styles.body}>
          <h3>Delete your account</h3>
          <p className={styles.lead}>
            You are signed out everywhere at once, and nobody can sign in as you any more. What you recorded stays as
            evidence, without your name, and your own workspace passes to the administrators. This cannot be taken back.
          </p>
          <Button variant="default" className={styles.danger ?? ''} onClick={() => setDeleting(true)}>
            Delete my account
          </Button>
        </div>
      </div>
      <DeleteAccountDialog isOpen={isDeleting} email={email} onClose={() => setDeleting(false)} />
    </Card>
  )
}
