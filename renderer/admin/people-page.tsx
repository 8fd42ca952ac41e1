import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { USER_SORTS, type UserSort } from '../../contracts/admin'
import { ROLES, type Role, roles } from '../../contracts/scopes'
import { useAddressParameters } from '../app/use-address-parameters'
import { Card } from '../ui/card'
import { Select } from '../ui/select'
import { useSettled } from '../ui/use-settled'
import styles from './admin.module.css'
import { AdminPage } from './admin-page'
import { PeopleList } from './people-list'
import { PersonDrawer } from './person-drawer'

const STATUSES = ['active', 'inactive'] as const
const TYPING_MS = 250

/** Everybody with an account: searched, filtered, sorted, and opened at the side. */
export function PeoplePage() {
  const { parameters, change } = useAddressParameters()
  const [typed, setTyped] = useState(parameters.get('search') ?? '')
  const search = useSettled(typed.trim(), TYPING_MS)
  const role = oneOf(ROLES, parameters.get('role'))
  const status = oneOf(STATUSES, parameters.get('status'))
  const sort = oneOf(USER_SORTS, parameters.get('sort')) || 'name'
  const openId = parameters.get('person')

  const set = (name: string, value: string | null) => change({ [name]: value })

  return (
    <AdminPage title="People" lead="Everybody with an account here, what they may do, and where they are signed in.">
      <Card title="Accounts">
        <div className={styles.body}>
          {/* biome-ignore lint/a11y/useSemanticElements: <search> is newer than the oldest Chromium this runs in */}
          <form role="search" className={styles.filters} onSubmit={(event) => event.preventDefault()}>
            <TextInput
              type="search"
              label="Search"
              placeholder="Name or e-mail address"
              leftSection={<IconSearch size="1rem" stroke={1.75} aria-hidden />}
              value={typed}
              maxLength={255}
              onChange={({ currentTarget }) => {
                setTyped(currentTarget.value)
                set('search', currentTarget.value.trim())
              }}
            />
            <Select
              label="Role"
              value={role}
              onChange={({ currentTarget }) => set('role', currentTarget.value)}
              data={[
                { value: '', label: 'All roles' },
                ...ROLES.map((value) => ({ value, label: roles[value].label })),
              ]}
            />
            <Select
              label="Status"
              value={status}
              onChange={({ currentTarget }) => set('status', currentTarget.value)}
              data={[
                { value: '', label: 'Any status' },
                { value: 'active', label: 'Active' },
                { value: 'inactive', label: 'Not active' },
              ]}
            />
          </form>
          <PeopleList
            filter={{ search, role: role as Role | '', status, sort: sort as UserSort }}
            onSort={(next) => set('sort', next)}
            onOpen={(id) => set('person', id)}
          />
        </div>
      </Card>
      {openId ? <PersonDrawer key={openId} id={openId} onClose={() => set('person', null)} /> : null}
    </AdminPage>
  )
}

function oneOf<Value extends string>(values: readonly Value[], given: string | null): Value | '' {
  return values.find((value) => value === given) ?? ''
}
