import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { ManagedUser, UserSort } from '../../contracts/admin'
import { roles } from '../../contracts/scopes'
import { Badge } from '../ui/badge'
import { Day, Moment } from '../ui/figures'
import table from '../ui/table.module.css'
import styles from './admin.module.css'

type SortColumn = 'name' | 'email' | 'created_at'

interface PeopleTableProps {
  people: ManagedUser[]
  sort: UserSort
  onSort: (sort: UserSort) => void
  onOpen: (id: string) => void
}

export function PeopleTable({ people, sort, onSort, onOpen }: PeopleTableProps) {
  return (
    <table className={`${table.table} ${table.folding}`} aria-label="Accounts">
      <thead>
        <tr>
          <SortHeader column="name" name="Name" sort={sort} onSort={onSort} />
          <SortHeader column="email" name="E-mail" sort={sort} onSort={onSort} />
          <th scope="col">Role</th>
          <th scope="col">Status</th>
          <th scope="col">Last seen</th>
          <SortHeader column="created_at" name="Joined" sort={sort} onSort={onSort} />
        </tr>
      </thead>
      <tbody>
        {people.map(({ id, name, email, role, is_active, sessions, last_seen_at, created_at }) => (
          <tr key={id}>
            <th scope="row">
              <button type="button" className={styles.name} aria-haspopup="dialog" onClick={() => onOpen(id)}>
                {name}
              </button>
            </th>
            <td data-label="E-mail" className={styles.email}>
              {email}
            </td>
            <td data-label="Role">{roles[role].label}</td>
            <td data-label="Status">
              {is_active ? (
                <Badge tone={sessions > 0 ? 'good' : 'plain'}>{sessions > 0 ? 'Signed in' : 'Active'}</Badge>
              ) : (
                <Badge tone="bad">Not active</Badge>
              )}
            </td>
            <td data-label="Last seen">{last_seen_at === null ? '—' : <Moment at={last_seen_at} />}</td>
            <td data-label="Joined">
              <Day at={created_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface SortHeaderProps {
  column: SortColumn
  name: string
  sort: UserSort
  onSort: (sort: UserSort) => void
}

function SortHeader({ column, name, sort, onSort }: SortHeaderProps) {
  const isHere = sort.replace('-', '') === column
  const isDescending = sort.startsWith('-')
  const Arrow = isDescending ? IconArrowDown : IconArrowUp
  return (
    <th scope="col" aria-sort={isHere ? (isDescending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        className={table.sort}
        onClick={() => onSort(isHere && !isDescending ? `-${column}` : column)}
      >
        {name}
        {isHere ? <Arrow size="0.875rem" stroke={1.75} aria-hidden /> : null}
      </button>
    </th>
  )
}
