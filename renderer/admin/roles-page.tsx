import { VisuallyHidden } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { ROLES, roles, SCOPES, type Scope, scopes } from '../../contracts/scopes'
import { Card } from '../ui/card'
import table from '../ui/table.module.css'
import styles from './admin.module.css'
import { AdminPage } from './admin-page'

/** The table that the server goes by, as it stands in its contracts. */
export function RolesPage() {
  return (
    <AdminPage title="Roles" lead="What each role may do. Every role includes what the one before it may.">
      <Card title="For whom">
        <dl className={styles.purposes}>
          {ROLES.map((role) => (
            <div key={role}>
              <dt>{roles[role].label}</dt>
              <dd>{roles[role].purpose}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card title="Permissions">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
        <section className={styles.scroll} tabIndex={0} aria-label="Permissions of roles">
          <table className={`${table.table} ${styles.matrix}`} aria-label="Permissions of roles">
            <thead>
              <tr>
                <th scope="col">Permission</th>
                <th scope="col">Lets them</th>
                {ROLES.map((role) => (
                  <th key={role} scope="col">
                    {roles[role].label}
                  </th>
                ))}
                <th scope="col">API keys</th>
              </tr>
            </thead>
            <tbody>
              {SCOPES.map((scope) => (
                <tr key={scope}>
                  <th scope="row">
                    <code>{scope}</code>
                  </th>
                  <td>{scopes[scope].allows}</td>
                  {ROLES.map((role) => (
                    <YesOrNo key={role} isYes={includes(roles[role].scopes, scope)} />
                  ))}
                  <YesOrNo isYes={scopes[scope].forKeys} />
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Card>
    </AdminPage>
  )
}

function YesOrNo({ isYes }: { isYes: boolean }) {
  return (
    <td>
      {isYes ? (
        <IconCheck size="1.125rem" stroke={2} aria-hidden />
      ) : (
        <span className={styles.no} aria-hidden>
          –
        </span>
      )}
      <VisuallyHidden>{isYes ? 'Yes' : 'No'}</VisuallyHidden>
    </td>
  )
}

function includes(granted: readonly Scope[], scope: Scope): boolean {
  return granted.includes(scope)
}
