import { AdminPage } from '../admin/admin-page'
import { useAddressParameters } from '../app/use-address-parameters'
import { Card } from '../ui/card'
import styles from './audit.module.css'
import type { AuditFilter } from './audit-api'
import { AuditFilters } from './audit-filters'
import { AuditList } from './audit-list'
import { ExportButtons } from './export-buttons'
import { VerifyCard } from './verify-card'

/** Everything that happened, newest first; filtered, opened at the side, verified and exported. */
export function AuditPage() {
  const { parameters, change, replace } = useAddressParameters()
  const given = (name: string) => parameters.get(name) ?? ''
  const outcome = given('outcome')
  const filter: AuditFilter = {
    action: given('action'),
    outcome: outcome === 'success' || outcome === 'failure' ? outcome : '',
    user: given('user'),
    from: startOfDay(given('from')),
    to: startOfDay(given('to'), 1),
  }

  return (
    <AdminPage
      title="Audit log"
      lead="Who did what, when and from where. Entries are only ever added, and each is sealed to the one before."
    >
      <VerifyCard onShow={(seq) => replace({ at: String(seq) })} />
      <Card title="Entries" aside={<ExportButtons filter={filter} />}>
        <div className={styles.body}>
          <AuditFilters
            filter={filter}
            days={{ from: given('from'), to: given('to') }}
            onChange={change}
            onClear={() => replace({})}
          />
          <AuditList
            filter={filter}
            startAt={Number(given('at')) || null}
            onFilterByPerson={(user) => change({ user, at: null })}
          />
        </div>
      </Card>
    </AdminPage>
  )
}

/** The instant at which a calendar day begins where the reader is, some days on; '' for no day. */
function startOfDay(day: string, later = 0): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day)
  if (!found) return ''
  const at = new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]) + later)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}
