import { SERVER } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import type { Log } from '../log'
import { endedKeys, type SigningKeyStore } from '../signing-keys'
import type { Tokens } from './tokens'

const LOOK_MS = 60_000

export interface RingKeeping {
  tokens: Tokens
  store: SigningKeyStore
  database: Database
  audit: Audit
  log: Log
  now(): number // milliseconds since 1970
}

/** Destroys signing keys when the last token they signed has expired, in memory and where they rest. */
export function keepRing({ tokens, store, database, audit, log, now }: RingKeeping): () => Promise<void> {
  let working: Promise<void> | undefined

  async function destroyEnded(): Promise<void> {
    const ended = endedKeys(tokens.ring(), now() / 1000)
    if (ended.length === 0) return
    await store.destroy(ended.map(({ id }) => id))
    tokens.replaceKeys(tokens.ring().filter((key) => !ended.some(({ id }) => id === key.id)))
    await database.write(async (transaction) => {
      for (const { id } of ended)
        audit.record({ action: 'signing_key.destroyed', by: SERVER, target: { type: 'signing_key', id } }, transaction)
    })
  }

  const look = () => {
    working ??= destroyEnded()
      .catch((error) => log.warn({ err: error }, 'destroying signing keys failed; trying again'))
      .finally(() => {
        working = undefined
      })
  }
  look()
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await working
  }
}
