import { Skeleton } from '@mantine/core'
import { useState } from 'react'
import type { ManagedUser } from '../../contracts/admin'
import { useAccount } from '../auth/use-session'
import { Badge } from '../ui/badge'
import { Drawer, DrawerPart } from '../ui/drawer'
import { Day, Fact, Facts, Moment } from '../ui/figures'
import { LiveNotice } from '../ui/notice'
import { Problem } from '../ui/problem'
import styles from './admin.module.css'
import { PersonActivity } from './person-activity'
import { PersonFactors } from './person-factors'
import { PersonLocks } from './person-locks'
import { PersonPassword } from './person-password'
import { PersonRole } from './person-role'
import { PersonSessions } from './person-sessions'
import { usePerson } from './use-people'

/** All that an administrator can know of one account, and do to it. */
export function PersonDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: person, error, refetch } = usePerson(id)

  return (
    <Drawer title={person?.name ?? 'Account'} lead={person?.email} onClose={onClose}>
      {person ? (
        <Parts person={person} />
      ) : (
        <DrawerPart title="Details">
          {error ? <Problem error={error} onRetry={refetch} /> : <Skeleton height={120} />}
        </DrawerPart>
      )}
    </Drawer>
  )
}

function Parts({ person }: { person: ManagedUser }) {
  const isOwn = useAccount().id === person.id
  const [done, setDone] = useState<string | null>(null)

  return (
    <>
      <div className={styles.done}>
        <LiveNotice tone="good">{done}</LiveNotice>
      </div>
      <DrawerPart title="Details">
        <Facts>
          <Fact name="Status">
            {person.is_active ? <Badge tone="good">Active</Badge> : <Badge tone="bad">Not active</Badge>}{' '}
            {isOwn ? <Badge>Your account</Badge> : null}
          </Fact>
          <Fact name="Joined">
            <Day at={person.created_at} />
          </Fact>
          <Fact name="Last seen">
            {person.last_seen_at === null ? 'Not lately' : <Moment at={person.last_seen_at} />}
          </Fact>
        </Facts>
      </DrawerPart>
      <DrawerPart title="Role">
        <PersonRole person={person} isOwn={isOwn} onDone={setDone} />
      </DrawerPart>
      <DrawerPart title="Sessions">
        <PersonSessions person={person} onDone={setDone} />
      </DrawerPart>
      <DrawerPart title="Second factor">
        <PersonFactors person={person} onDone={setDone} />
      </DrawerPart>
      <DrawerPart title="Failed attempts">
        <PersonLocks person={person} onDone={setDone} />
      </DrawerPart>
      <DrawerPart title="Forgotten password">
        <PersonPassword person={person} onDone={setDone} />
      </DrawerPart>
      <DrawerPart title={person.is_active ? 'Deactivate' : 'Activate'}>
        <PersonActivity person={person} isOwn={isOwn} onDone={setDone} />
      </DrawerPart>
    </>
  )
}
