import { roles } from '../../contracts/scopes'
import { usePermissions } from './use-permissions'
import { useAccount } from './use-session'

/** What the person is here, in a word. */
export function RoleName() {
  const { is_admin: isAdmin } = useAccount()
  const permissions = usePermissions()
  if (permissions) return roles[permissions.role].label
  return isAdmin ? roles.admin.label : '—'
}
