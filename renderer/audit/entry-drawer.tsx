import { Button } from '@mantine/core'
import type { AuditEntry, AuditPage } from '../../contracts/audit-log'
import { Badge } from '../ui/badge'
import { Drawer, DrawerPart } from '../ui/drawer'
import { Fact, Facts } from '../ui/figures'
import styles from './audit.module.css'
import { nameOf, tell } from './tell'

const PRECISE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' })
const THROUGH = {
  user: 'Session',
  api_key: 'API key',
  command_line: 'Command line of the server',
  server: 'The server itself',
  anonymous: 'Nothing that proves who it was',
}

/** "policy_version" as "Policy version". */
const asWords = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`

interface EntryDrawerProps {
  entry: AuditEntry
  people: AuditPage['people']
  onClose: () => void
  onFilterByPerson: (userId: string) => void
}

/** One entry with all it holds. */
export function EntryDrawer({ entry, people, onClose, onFilterByPerson }: EntryDrawerProps) {
  const { actor_id: actorId, account_id: accountId, credential_id: credentialId } = entry
  const details = Object.entries(entry.details)

  return (
    <Drawer title={`Entry ${entry.seq}`} lead={tell(entry, people)} onClose={onClose}>
      <DrawerPart title="What happened">
        <Facts>
          <Fact name="When">
            <time dateTime={entry.occurred_at}>{PRECISE.format(new Date(entry.occurred_at))}</time>
          </Fact>
          <Fact name="Outcome">
            {entry.outcome === 'success' ? <Badge>Succeeded</Badge> : <Badge tone="bad">Failed</Badge>}
          </Fact>
          <Fact name="Action">
            <code>{entry.action}</code>
          </Fact>
          {entry.target_id === null ? null : (
            <Fact name={asWords(entry.target_type ?? 'about')}>
              <code>{entry.target_id}</code>
            </Fact>
          )}
          {details.map(([name, value]) => (
            <Fact key={name} name={asWords(name)}>
              <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
            </Fact>
          ))}
        </Facts>
      </DrawerPart>
      <DrawerPart title="Who">
        <Facts>
          <Fact name="By">{nameOf(actorId, people) ?? 'Nobody known'}</Fact>
          {accountId === null || accountId === actorId ? null : <Fact name="Account">{nameOf(accountId, people)}</Fact>}
          <Fact name="Through">
            {THROUGH[entry.actor_kind]} {credentialId === null ? null : <code>{credentialId}</code>}
          </Fact>
        </Facts>
        <div className={styles.buttons}>
          {[...new Set([actorId, accountId])].map((id) =>
            id === null ? null : (
              <Button key={id} variant="default" size="compact-sm" onClick={() => onFilterByPerson(id)}>
                All about {nameOf(id, people)}
              </Button>
            ),
          )}
        </div>
      </DrawerPart>
      <DrawerPart title="From where">
        <Facts>
          <Fact name="Address">{entry.address ?? '—'}</Fact>
          <Fact name="Device">{entry.device ?? '—'}</Fact>
          <Fact name="Request">{entry.request_id === null ? '—' : <code>{entry.request_id}</code>}</Fact>
        </Facts>
      </DrawerPart>
      <DrawerPart title="Seal">
        <Facts>
          <Fact name="Hash">
            <code>{entry.hash}</code>
          </Fact>
          <Fact name="Entry before">
            <code>{entry.previous_hash}</code>
          </Fact>
          <Fact name="Seal">
            <code>{entry.mac}</code>
          </Fact>
          <Fact name="Key">
            <code>{entry.key_id}</code>
          </Fact>
        </Facts>
      </DrawerPart>
    </Drawer>
  )
}
