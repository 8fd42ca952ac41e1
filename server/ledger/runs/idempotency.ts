import { createHash } from 'node:crypto'
import type { Transaction } from 'sequelize'
import { UniqueConstraintError } from 'sequelize'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { select } from '../../db/select'
import { ValidationError } from '../../errors'

const SHAPE = /^[\x21-\x7e]{1,255}$/

/** A key that makes a retry safe, and the hash of what is asked under it. @see draft-ietf-httpapi-idempotency-key-header */
export interface IdempotencyKey {
  key: string
  requestHash: string
}

/** @param header the Idempotency-Key, with or without the quotes of a structured field @throws {ValidationError} */
export function readKey(header: string): string | undefined {
  if (header === '') return undefined
  const key = header.startsWith('"') && header.endsWith('"') ? header.slice(1, -1) : header
  if (SHAPE.test(key) && key !== '"') return key
  const message = 'An Idempotency-Key has 1 to 255 visible characters.'
  throw new ValidationError([{ field: 'Idempotency-Key', message, code: 'invalid' }])
}

export const hashOf = (...parts: string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex')

export type Idempotency = ReturnType<typeof createIdempotency>

/** Remembers for at least a day which request a key was first used for, and what came of it. */
export function createIdempotency(database: Database, now: () => number) {
  return {
    /**
     * What was made under a key before.
     *
     * @throws {ValidationError} the key was used for another request
     */
    async find(principal: Principal, { key, requestHash }: IdempotencyKey): Promise<string | undefined> {
      const [row] = await select(
        database,
        'SELECT request_hash, subject_id FROM idempotency_keys WHERE user_id = :user AND key = :key',
        { user: principal.userId, key },
      )
      if (!row) return undefined
      if (row.request_hash !== requestHash) throw new ValidationError([KEY_REUSED])
      return String(row.subject_id)
    },

    /** Remembers, together with what is made. @throws {UniqueConstraintError} somebody was quicker under this key */
    async remember(
      principal: Principal,
      { key, requestHash }: IdempotencyKey,
      subjectId: string,
      transaction: Transaction,
    ): Promise<void> {
      await database.sequelize.query(
        `INSERT INTO idempotency_keys (user_id, key, request_hash, subject_id, created_at)
         VALUES (:user, :key, :requestHash, :subjectId, :now)`,
        { replacements: { user: principal.userId, key, requestHash, subjectId, now: new Date(now()) }, transaction },
      )
    },

    /** Makes something once under a key: the first time by `make`, later and at the same time by what the first one made. */
    async once(
      principal: Principal,
      key: IdempotencyKey | undefined,
      make: (remember: (subjectId: string, transaction: Transaction) => Promise<void>) => Promise<string>,
    ): Promise<string> {
      if (!key) return make(async () => undefined)
      const before = await this.find(principal, key)
      if (before !== undefined) return before
      try {
        return await make((subjectId, transaction) => this.remember(principal, key, subjectId, transaction))
      } catch (error) {
        const made = error instanceof UniqueConstraintError ? await this.find(principal, key) : undefined
        if (made === undefined) throw error
        return made
      }
    },

    async forgetBefore(moment: Date, transaction: Transaction): Promise<void> {
      await database.sequelize.query('DELETE FROM idempotency_keys WHERE created_at < :moment', {
        replacements: { moment },
        transaction,
      })
    },
  }
}

const KEY_REUSED = {
  field: 'Idempotency-Key',
  message: 'This Idempotency-Key was used for another request: send a new key with a new request.',
  code: 'reused',
}
