import { AdminPage } from './admin-page'
import { SigningKeysCard } from './signing-keys-card'

export function ServerPage() {
  return (
    <AdminPage title="Server" lead="The keys that prove who is signed in.">
      <SigningKeysCard />
    </AdminPage>
  )
}
