import { Op, type Transaction } from 'sequelize'
import {
  type ApiKey,
  type ApiKeyList,
  canWrite,
  type IssuedApiKey,
  MOST_KEYS,
  type NewApiKey,
} from '../../../contracts/api-keys'
import type { Database } from '../../db/database'
import { AppError, NotFoundError, ValidationError } from '../../errors'
import type { ApiKeyRow } from '../../models/api-key'
import type { SessionPrincipal } from '../principal'
import type { UsersDependencies } from '../users.service'
import { detailsOfNew, type KeyEvents } from './key-events'
import { toApiKey, toKeyScopes } from './key-rows'
import { createKeyText, hashOfKey, hintOf } from './key-text'

const DAY_MS = 86_400_000
/** How long it can be seen, and told from a key that never was, that one has ended. */
const KEPT_MS = 30 * DAY_MS

export interface KeysDependencies {
  database: Database
  announce: UsersDependencies['announce']
  events: KeyEvents
  /** @throws {AppError} `fresh_proof_required` */
  requireFresh(principal: SessionPrincipal): Promise<void>
  now(): number
}

export type KeysService = ReturnType<typeof createKeysService>

/** The API keys of a person: making, seeing, replacing and ending them. Only the person can, never a key. */
export function createKeysService({ database, announce, events, requireFresh, now }: KeysDependencies) {
  const { ApiKey, ApiKeySecret, User } = database.models
  const endOf = (lifeSeconds: number | null) => (lifeSeconds === null ? null : new Date(now() + lifeSeconds * 1000))
  const unexpired = () => ({ [Op.or]: [{ expiresAt: null }, { expiresAt: { [Op.gt]: new Date(now()) } }] })

  async function shown(row: ApiKeyRow, principal: SessionPrincipal, transaction?: Transaction): Promise<ApiKey> {
    const order: [string, string][] = [['createdAt', 'DESC']]
    const secrets = await ApiKeySecret.findAll({ where: { keyId: row.id }, order, ...(transaction && { transaction }) })
    return toApiKey(row, secrets, principal.scopes, now())
  }

  async function addSecret(keyId: string, transaction: Transaction): Promise<string> {
    const secret = createKeyText()
    const columns = { hash: hashOfKey(secret), keyId, hint: hintOf(secret), createdAt: new Date(now()) }
    await ApiKeySecret.create(columns, { transaction })
    return secret
  }

  /** Holds the owner's row, so that two keys made at once see each other. */
  async function requireRoomFor(name: string, userId: string, transaction: Transaction, except?: string) {
    await User.findByPk(userId, { attributes: ['id'], lock: true, transaction })
    const live = await ApiKey.findAll({ where: { userId, revokedAt: null, ...unexpired() }, transaction })
    const others = live.filter(({ id }) => id !== except)
    if (others.length >= MOST_KEYS) throw keyLimitReached()
    if (others.some((other) => other.name === name)) throw nameTaken()
  }

  /** A key of the principal's own that is not revoked; its row stays locked. */
  async function getOwn(id: string, { userId }: SessionPrincipal, transaction: Transaction): Promise<ApiKeyRow> {
    const row = await ApiKey.findOne({ where: { id, userId, revokedAt: null }, lock: true, transaction })
    if (!row) throw new NotFoundError('API key')
    return row
  }

  const changed = (userId: string, transaction: Transaction) =>
    announce({ userId, revoked: [], cutOffs: [] }, transaction)

  /** Ends what still works beside the newest secret. @returns whether there was any */
  async function endPrevious(keyId: string, transaction: Transaction): Promise<boolean> {
    const working = { keyId, worksUntil: { [Op.gt]: new Date(now()) } }
    const [ended] = await ApiKeySecret.update({ worksUntil: new Date(now()) }, { where: working, transaction })
    return ended > 0
  }

  return {
    /** The principal's keys that were not revoked, the newest first; expired ones stay for a month, so that it shows why a script stopped. */
    async list(principal: SessionPrincipal): Promise<ApiKeyList> {
      const rows = await ApiKey.findAll({
        where: {
          userId: principal.userId,
          revokedAt: null,
          [Op.and]: [{ [Op.or]: [unexpired(), { lifeSeconds: { [Op.gte]: DAY_MS / 1000 } }] }],
        },
        order: [
          ['createdAt', 'DESC'],
          ['id', 'ASC'],
        ],
      })
      const keys = await Promise.all(rows.map((row) => shown(row, principal)))
      return { api_keys: keys, total: keys.length, next_cursor: null }
    },

    /**
     * Makes a key; its secret is in the answer and nowhere else.
     *
     * @throws {ValidationError} the role does not include a scope, or another key has the name
     * @throws {AppError} `fresh_proof_required` for scopes that change something, `key_limit_reached`
     */
    async create(principal: SessionPrincipal, input: NewApiKey): Promise<IssuedApiKey> {
      const { name, scopes, addresses, expires_in_seconds: lifeSeconds } = input
      const missing = scopes.find((scope) => !principal.scopes.has(scope))
      if (missing) throw beyondRole(missing)
      if (canWrite(scopes)) await requireFresh(principal)
      const { userId } = principal
      return database.write(async (transaction) => {
        await requireRoomFor(name, userId, transaction)
        const row = await ApiKey.create(
          {
            userId,
            name,
            scopes: scopes.join(' '),
            addresses: addresses?.join(' ') ?? null,
            lifeSeconds,
            createdAt: new Date(now()),
            expiresAt: endOf(lifeSeconds),
          },
          { transaction },
        )
        const secret = await addSecret(row.id, transaction)
        events.created(principal, row.id, detailsOfNew(scopes, lifeSeconds), transaction)
        return { api_key: await shown(row, principal, transaction), secret }
      })
    },

    /**
     * Gives a key a new secret and its whole life anew. The one so far works on for the grace, but no longer than it would
     * have; the ones before it end.
     *
     * @throws {NotFoundError} there is no such key
     * @throws {ValidationError} it had expired, and another key has its name by now
     * @throws {AppError} `fresh_proof_required` for scopes that change something
     */
    async rotate(principal: SessionPrincipal, id: string, graceSeconds: number): Promise<IssuedApiKey> {
      const { userId } = principal
      const found = await ApiKey.findOne({ where: { id, userId, revokedAt: null } })
      if (!found) throw new NotFoundError('API key')
      if (canWrite(toKeyScopes(found.scopes))) await requireFresh(principal)
      return database.write(async (transaction) => {
        await requireRoomFor(found.name, userId, transaction, id)
        const row = await getOwn(id, principal, transaction)
        await endPrevious(id, transaction)
        const graceEnd = now() + graceSeconds * 1000
        const worksUntil = new Date(Math.min(graceEnd, row.expiresAt?.getTime() ?? graceEnd))
        await ApiKeySecret.update({ worksUntil }, { where: { keyId: id, worksUntil: null }, transaction })
        await row.update({ expiresAt: endOf(row.lifeSeconds) }, { transaction })
        const secret = await addSecret(id, transaction)
        await changed(userId, transaction)
        events.rotated(principal, id, graceSeconds, transaction)
        return { api_key: await shown(row, principal, transaction), secret }
      })
    },

    /** Ends the grace of a rotation. @throws {NotFoundError} there is no such key, or nothing of it that is to end */
    async endGrace(principal: SessionPrincipal, id: string): Promise<void> {
      await database.write(async (transaction) => {
        await getOwn(id, principal, transaction)
        if (!(await endPrevious(id, transaction))) throw new NotFoundError('old secret')
        await changed(principal.userId, transaction)
        events.previousEnded(principal, id, transaction)
      })
    },

    /** @throws {NotFoundError} there is no such key */
    async revoke(principal: SessionPrincipal, id: string): Promise<void> {
      await database.write(async (transaction) => {
        const row = await getOwn(id, principal, transaction)
        await row.update({ revokedAt: new Date(now()) }, { transaction })
        await changed(principal.userId, transaction)
        events.revoked(principal, id, transaction)
      })
    },

    /** Forgets keys and secrets that ended a month ago. */
    async deleteExpired(transaction: Transaction): Promise<void> {
      const before = { [Op.lt]: new Date(now() - KEPT_MS) }
      await ApiKeySecret.destroy({ where: { worksUntil: before }, transaction })
      await ApiKey.destroy({ where: { [Op.or]: [{ revokedAt: before }, { expiresAt: before }] }, transaction })
    },
  }
}

const fault = (field: string, message: string, code: string) => new ValidationError([{ field, message, code }])

const nameTaken = () => fault('name', 'You have a key of this name: choose another one, or rotate that key.', 'taken')

const beyondRole = (scope: string) =>
  fault('scopes', `Your role does not include ${scope}, so a key of yours cannot have it.`, 'beyond_role')

const keyLimitReached = () =>
  new AppError('key_limit_reached', 409, `You have ${MOST_KEYS} API keys: revoke one before you make another.`)
