import type { ManagedUser, UserSort } from '../../contracts/admin'
import { roles } from '../../contracts/scopes'
import { Badge } from '../ui/badge'
import { DataTable } from '../ui/data-table'
import { Day, Moment } from '../ui/figures'
import styles from './admin.module.css'

type SortColumn = 'name' | 'email' | 'created_at'

interface PeopleTableProps {
  people: ManagedUser[]
  sort: UserSort
  onSort: (sort: UserSort) => void
  onOpen: (id: string) => void
}

export function PeopleTable({ people, sort, onSort, onOpen }: PeopleTableProps) {
  function sortingBy(column: SortColumn) {
    const isHere = sort.replace('-', '') === column
    const isDescending = sort.startsWith('-')
    return {
      direction: isHere ? (isDescending ? 'descending' : 'ascending') : 'none',
      onSort: () => onSort(isHere && !isDescending ? `-${column}` : column),
    } as const
  }

  return (
    <DataTable
      label="Accounts"
      rows={people}
      keyOf={({ id }) => id}
      columns={[
        {
          label: 'Name',
          sorting: sortingBy('name'),
          cell: ({ id, name }) => (
            <button type="button" className={styles.name} aria-haspopup="dialog" onClick={() => onOpen(id)}>
              {name}
            </button>
          ),
        },
        { label: 'E-mail', sorting: sortingBy('email'), className: styles.email, cell: ({ email }) => email },
        { label: 'Role', cell: ({ role }) => roles[role].label },
        { label: 'Status', cell: (person) => <Status {...person} /> },
        { label: 'Last seen', cell: ({ last_seen_at: at }) => (at === null ? '—' : <Moment at={at} />) },
        { label: 'Joined', sorting: sortingBy('created_at'), cell: ({ created_at }) => <Day at={created_at} /> },
      ]}
    />
  )
}

function Status({ is_active: isActive, sessions }: ManagedUser) {
  if (!isActive) return <Badge tone="bad">Not active</Badge>
  return sessions > 0 ? <Badge tone="good">Signed in</Badge> : <Badge tone="plain">Active</Badge>
}
