import type { AuditEntry, AuditPage } from '../../contracts/audit-log'
import { Badge } from '../ui/badge'
import { Moment } from '../ui/figures'
import table from '../ui/table.module.css'
import styles from './audit.module.css'
import { tell } from './tell'

interface AuditTableProps {
  entries: AuditEntry[]
  people: AuditPage['people']
  onOpen: (entry: AuditEntry) => void
}

export function AuditTable({ entries, people, onOpen }: AuditTableProps) {
  return (
    <table className={`${table.table} ${table.folding} ${styles.entries}`} aria-label="Entries">
      <thead>
        <tr>
          <th scope="col">What happened</th>
          <th scope="col">When</th>
          <th scope="col">From</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.seq}>
            <th scope="row">
              <button type="button" className={styles.sentence} aria-haspopup="dialog" onClick={() => onOpen(entry)}>
                {tell(entry, people)}
              </button>
            </th>
            <td data-label="When">
              <Moment at={entry.occurred_at} />
            </td>
            <td data-label="From" className={styles.from}>
              {placeOf(entry)}
            </td>
            <td data-label="Outcome">
              {entry.outcome === 'success' ? (
                <span className={styles.from}>Succeeded</span>
              ) : (
                <Badge tone="bad">Failed</Badge>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function placeOf({ device, address, actor_kind: kind }: AuditEntry): string {
  if (kind === 'command_line') return 'Command line'
  if (kind === 'server') return 'The server itself'
  return [device, address].filter(Boolean).join(', ') || '—'
}
