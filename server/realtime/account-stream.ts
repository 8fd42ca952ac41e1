import type { AccountNews, OwnedEvent } from '../audit/account-news'
import type { StreamSource } from './stream'

/** What happens to the account of whoever follows, and to no other. An API key hears nothing of it. */
export function accountStream({ tail, lastId, list }: AccountNews): StreamSource<OwnedEvent> {
  return {
    name: 'account',
    mayFollow: ({ kind }) => kind === 'session',
    follow: tail.follow,
    lastId,
    firstId: async () => 1, // the audit log forgets nothing
    list,
    circleOf: ({ userId }) => userId,
    membersOf: async (userIds) => new Map(userIds.map((id) => [id, new Set([id])])),
    shown: ({ event }) => event,
  }
}
