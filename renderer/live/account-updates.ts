import type { QueryClient } from '@tanstack/react-query'
import type { AccountEvent } from '../../contracts/account-events'

const KEYS_OF: Record<AccountEvent['type'], string[]> = {
  'session.started': ['sessions'],
  'session.ended': ['sessions'],
  'api_key.first_used': ['keys'],
  'api_key.changed': ['keys'],
  'second_factor.changed': ['factors', 'step-up'],
  'password.changed': ['sessions'],
}
const MOST_KEPT = 3

/** Something that happened to the account elsewhere, which its owner should recognise. */
export interface AccountAlert {
  id: number
  at: string
  title: string
  from: string // where it was done, for example "Firefox on Linux, 127.0.0.1"; may be empty
  link: { to: string; label: string }
}

export type AccountUpdates = ReturnType<typeof createAccountUpdates>

/** Brings lists of the account up to date, and keeps what its owner should be asked about until they have answered. */
export function createAccountUpdates(queries: QueryClient) {
  let alerts: AccountAlert[] = []
  const listeners = new Set<() => void>()

  function become(next: AccountAlert[]): void {
    alerts = next
    for (const listener of listeners) listener()
  }

  const refresh = (names: Iterable<string>) => {
    for (const name of names) void queries.invalidateQueries({ queryKey: ['account', name] })
  }

  return {
    get: () => alerts,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    dismiss: (id: number) => become(alerts.filter((alert) => alert.id !== id)),
    clear: () => become([]),

    apply(events: AccountEvent[], ownSessionId: string | null): void {
      refresh(new Set(['activity', ...events.flatMap(({ type }) => KEYS_OF[type])]))
      const strange = events.filter(({ by_session_id }) => by_session_id === null || by_session_id !== ownSessionId)
      const next = strange.map(toAlert).filter((alert) => alert !== null)
      if (next.length > 0) become([...alerts, ...next].slice(-MOST_KEPT))
    },

    applyAll: () => refresh(new Set(['activity', ...Object.values(KEYS_OF).flat()])),
  }
}

const SESSIONS = { to: '/profile#sessions', label: 'Look at your sessions' }
const FACTORS = { to: '/profile#second-factor', label: 'Look at your second factors' }
const FACTOR_CHANGES = {
  added: 'A second factor was added to your account.',
  removed: 'A second factor was taken off your account.',
  reset: 'An administrator took the second factors off your account.',
  recovery_codes_replaced: 'Your recovery codes were replaced.',
}

/** `null` for what nobody has to be asked about. */
function toAlert(event: AccountEvent): AccountAlert | null {
  const about = { id: event.id, at: event.at, from: [event.device, event.address].filter(Boolean).join(', ') }
  switch (event.type) {
    case 'session.started':
      return { ...about, title: 'Somebody signed in to your account.', link: SESSIONS }
    case 'password.changed':
      return { ...about, title: 'Your password was changed.', link: SESSIONS }
    case 'second_factor.changed':
      return { ...about, title: FACTOR_CHANGES[event.change], link: FACTORS }
    case 'api_key.first_used':
      return {
        ...about,
        title: 'An API key of yours was used for the first time.',
        link: { to: '/keys', label: 'Look at your keys' },
      }
    default:
      return null
  }
}
