import { useAuthSettings } from '../auth/use-auth-settings'
import { Card } from '../ui/card'
import { Notice } from '../ui/notice'
import styles from './admin.module.css'
import { AdminPage } from './admin-page'
import { InvitationsList } from './invitations-list'
import { InviteForm } from './invite-form'

export function InvitationsPage() {
  const { data: settings } = useAuthSettings()

  return (
    <AdminPage
      title="Invitations"
      lead="A link lets one person make an account, with the role you choose, until it expires."
    >
      <Card title="Invite somebody">
        {settings?.registration === 'closed' ? (
          <Notice tone="plain">
            Registration is closed, so invitations do not count. Start the server with REGISTRATION set to invitation or
            open to use them.
          </Notice>
        ) : (
          <InviteForm />
        )}
      </Card>
      <Card title="All invitations">
        <div className={styles.body}>
          <InvitationsList />
        </div>
      </Card>
    </AdminPage>
  )
}
