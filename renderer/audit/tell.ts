import type { ActorKind } from '../../contracts/audit'
import type { Activity, AuditEntry, AuditPage } from '../../contracts/audit-log'
import { NOBODYS, sentenceOf } from './words'

const DELETED = 'A deleted account'

type People = AuditPage['people']

const ACTORS: Record<ActorKind, string> = {
  user: 'Somebody',
  api_key: 'Somebody',
  command_line: 'The command line',
  server: 'Aurelius',
  anonymous: 'Somebody',
}

/** What a person is called: by name, or as somebody whose account is gone. */
export function nameOf(id: string | null, people: People): string | null {
  if (id === null) return null
  return people.find((person) => person.id === id)?.name ?? DELETED
}

/** An entry as an administrator reads it. */
export function tell(entry: AuditEntry, people: People): string {
  const { actor_id: actorId, account_id: accountId, actor_kind: kind } = entry
  const actor = nameOf(actorId, people) ?? ACTORS[kind]
  const account = nameOf(accountId, people)
  const whose = accountId === actorId && actorId !== null ? 'their own' : possessive(account)
  return sentenceOf({ ...entry, who: kind === 'api_key' ? `${actor}, through an API key,` : actor, whose })
}

/** An entry as the person it is about reads it. */
export function tellOwn(activity: Activity): string {
  const { is_own: isOwn, actor_name: name, actor_kind: kind, account_name: account } = activity
  const who = isOwn ? (kind === 'api_key' ? 'You, through an API key,' : 'You') : (name ?? ACTORS[kind])
  return sentenceOf({ ...activity, who, whose: account === null ? 'your' : possessive(account) })
}

function possessive(name: string | null): string {
  if (name === null) return NOBODYS
  return name === DELETED ? 'a deleted' : `${name}’s`
}
