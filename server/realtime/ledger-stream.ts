import type { LedgerEvent } from '../../contracts/events'
import type { Ledger } from '../ledger/ledger'
import type { StreamSource } from './stream'

/** What happens in the workspaces that somebody sees. */
export function ledgerStream({
  events,
  tail,
  access,
}: Pick<Ledger, 'events' | 'tail' | 'access'>): StreamSource<LedgerEvent> {
  return {
    name: 'ledger',
    mayFollow: ({ scopes }) => scopes.has('ledger:read'),
    follow: tail.follow,
    lastId: events.lastId,
    firstId: events.firstId,
    list: events.list,
    circleOf: ({ workspace_id }) => workspace_id,
    membersOf: access.audienceOf,
    shown: (event) => event,
  }
}
