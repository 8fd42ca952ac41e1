import type { AuditEntry, AuditPage } from '../../contracts/audit-log'
import { Badge } from '../ui/badge'
import { DataTable } from '../ui/data-table'
import { Moment } from '../ui/figures'
import styles from './audit.module.css'
import { tell } from './tell'

interface AuditTableProps {
  entries: AuditEntry[]
  people: AuditPage['people']
  onOpen: (entry: AuditEntry) => void
}

export function AuditTable({ entries, people, onOpen }: AuditTableProps) {
  return (
    <DataTable
      label="Entries"
      className={styles.entries}
      rows={entries}
      keyOf={({ seq }) => seq}
      columns={[
        {
          label: 'What happened',
          cell: (entry) => (
            <button type="button" className={styles.sentence} aria-haspopup="dialog" onClick={() => onOpen(entry)}>
              {tell(entry, people)}
            </button>
          ),
        },
        { label: 'When', cell: ({ occurred_at }) => <Moment at={occurred_at} /> },
        { label: 'From', className: styles.from, cell: placeOf },
        {
          label: 'Outcome',
          cell: ({ outcome }) =>
            outcome === 'success' ? <span className={styles.from}>Succeeded</span> : <Badge tone="bad">Failed</Badge>,
        },
      ]}
    />
  )
}

function placeOf({ device, address, actor_kind: kind }: AuditEntry): string {
  if (kind === 'command_line') return 'Command line'
  if (kind === 'server') return 'The server itself'
  return [device, address].filter(Boolean).join(', ') || '—'
}
