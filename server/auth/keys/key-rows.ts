import type { ApiKey } from '../../../contracts/api-keys'
import { KEY_SCOPES, type KeyScope, type Scope } from '../../../contracts/scopes'
import type { ApiKeyRow } from '../../models/api-key'
import type { ApiKeySecretRow } from '../../models/api-key-secret'

/** What is stored and is no scope of a key allows nothing. */
export function toKeyScopes(stored: unknown): KeyScope[] {
  const words = String(stored).split(' ')
  return KEY_SCOPES.filter((name) => words.includes(name))
}

export function toAddresses(stored: unknown): string[] | null {
  return stored === null || stored === undefined ? null : String(stored).split(' ')
}

/** @param secrets those of the key, the one made last first */
export function toApiKey(row: ApiKeyRow, secrets: ApiKeySecretRow[], allowed: ReadonlySet<Scope>, now: number): ApiKey {
  const scopes = toKeyScopes(row.scopes)
  const current = secrets.find(({ worksUntil }) => worksUntil === null)
  const previous = secrets.find(({ worksUntil }) => worksUntil !== null && worksUntil.getTime() > now)
  return {
    id: row.id,
    name: row.name,
    hint: current?.hint ?? '',
    scopes,
    scopes_without_effect: scopes.filter((name) => !allowed.has(name)),
    addresses: toAddresses(row.addresses),
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt?.toISOString() ?? null,
    is_expired: row.expiresAt !== null && row.expiresAt.getTime() <= now,
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    last_used_address: row.lastUsedAddress ?? null,
    previous: previous?.worksUntil
      ? {
          hint: previous.hint,
          works_until: previous.worksUntil.toISOString(),
          last_used_at: previous.lastUsedAt?.toISOString() ?? null,
        }
      : null,
  }
}
