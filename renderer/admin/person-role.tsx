import { Button, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import type { ManagedUser } from '../../contracts/admin'
import { ROLES, roles } from '../../contracts/scopes'
import { Confirm } from '../ui/confirm'
import { LiveNotice } from '../ui/notice'
import styles from './admin.module.css'
import { useChangePerson } from './use-people'

interface PersonRoleProps {
  person: ManagedUser
  isOwn: boolean
  onDone: (message: string | null) => void
}

export function PersonRole({ person, isOwn, onDone }: PersonRoleProps) {
  const [chosen, setChosen] = useState(person.role)
  const [isAsking, setAsking] = useState(false)
  const change = useChangePerson(person.id)

  function save() {
    setAsking(false)
    onDone(null)
    change.mutate(
      { role: chosen },
      { onSuccess: ({ user }) => onDone(`${user.name} has the role ${roles[user.role].label} now.`) },
    )
  }

  return (
    <form
      className={styles.body}
      aria-label="Role"
      onSubmit={(event) => {
        event.preventDefault()
        // To make an administrator, or to stop being one, is not done by the way.
        if (chosen === 'admin' || (isOwn && person.role === 'admin')) setAsking(true)
        else save()
      }}
    >
      <LiveNotice tone="bad">{change.error?.message ?? null}</LiveNotice>
      <fieldset className={styles.roles}>
        <VisuallyHidden component="legend">Role</VisuallyHidden>
        {ROLES.map((role) => (
          <label key={role} className={styles.role}>
            <input type="radio" name="role" checked={chosen === role} onChange={() => setChosen(role)} />
            <strong>{roles[role].label}</strong>
            <span>{roles[role].purpose}</span>
          </label>
        ))}
      </fieldset>
      <Button type="submit" disabled={chosen === person.role} loading={change.isPending}>
        Save role
      </Button>
      <Confirm
        isOpen={isAsking}
        question={isOwn ? 'Give up your own rights?' : `Make ${person.name} an administrator?`}
        consequence={
          isOwn
            ? 'You will not see this page any more. Only another administrator can give the role back.'
            : 'Administrators manage every account and the server, and can take your own rights away.'
        }
        action={isOwn ? 'Give up my rights' : 'Make administrator'}
        onCancel={() => setAsking(false)}
        onConfirm={save}
      />
    </form>
  )
}
