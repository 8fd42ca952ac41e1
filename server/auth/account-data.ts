import type { AccountData } from '../../contracts/account-data'
import { actorOf } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import type { SessionRow } from '../models/session'
import { instantOrNull, tracesOf } from './account-traces'
import { toPasskey } from './factors/passkeys.service'
import { toAddresses, toKeyScopes } from './keys/key-rows'
import type { SessionPrincipal } from './principal'
import { sessionEnded } from './refusals'
import { rawRow, toRole, toUser } from './user-rows'

export type AccountDataService = ReturnType<typeof createAccountDataService>

/** Gathers what the server holds about a person, for that person. */
export function createAccountDataService(database: Database, audit: Audit, now: () => number) {
  const { models, write } = database
  const { User, Session, RefreshToken, TokenCutOff, TotpFactor, Passkey, RecoveryCode, ApiKey, ApiKeySecret } = models

  async function renewalsOf(sessions: SessionRow[]): Promise<Map<string, string[]>> {
    const spent = await RefreshToken.findAll({
      where: { sessionId: sessions.map(({ id }) => id) },
      attributes: ['sessionId', 'spentAt'],
      order: [['spentAt', 'ASC']],
    })
    const renewals = new Map<string, string[]>()
    for (const { sessionId, spentAt } of spent)
      if (spentAt) renewals.set(sessionId, [...(renewals.get(sessionId) ?? []), spentAt.toISOString()])
    return renewals
  }

  async function keysOf(userId: string): Promise<AccountData['api_keys']> {
    const keys = await ApiKey.findAll({ where: { userId }, order: [['createdAt', 'ASC']] })
    const where = { keyId: keys.map(({ id }) => id) }
    const made = await ApiKeySecret.findAll({
      where,
      attributes: ['keyId', 'createdAt'],
      order: [['createdAt', 'ASC']],
    })
    return keys.map((key) => ({
      id: key.id,
      name: key.name,
      scopes: toKeyScopes(key.scopes),
      addresses: toAddresses(key.addresses),
      created_at: key.createdAt.toISOString(),
      expires_at: instantOrNull(key.expiresAt),
      revoked_at: instantOrNull(key.revokedAt),
      last_used_at: instantOrNull(key.lastUsedAt),
      last_used_address: key.lastUsedAddress,
      made_at: made.filter(({ keyId }) => keyId === key.id).map(({ createdAt }) => createdAt.toISOString()),
    }))
  }

  return {
    /** @throws {UnauthenticatedError} the account is gone */
    async gather(principal: SessionPrincipal): Promise<AccountData> {
      const { userId } = principal
      const row = await User.findByPk(userId)
      if (!row) throw sessionEnded()
      const authenticator = await TotpFactor.findByPk(userId)
      const passkeys = await Passkey.findAll({ where: { userId }, order: [['createdAt', 'ASC']] })
      const codes = await RecoveryCode.findAll({ where: { userId }, order: [['createdAt', 'ASC']] })
      const sessions = await Session.findAll({ where: { userId }, order: [['createdAt', 'ASC']] })
      const renewals = await renewalsOf(sessions)
      const about = { by: actorOf(principal), target: { type: 'user', id: userId } } as const
      await write(async (transaction) => audit.record({ action: 'account.data_downloaded', ...about }, transaction))
      return {
        exported_at: new Date(now()).toISOString(),
        user: {
          ...toUser(rawRow(row)),
          email_verified_at: instantOrNull(row.emailVerifiedAt),
          role: toRole(row.role),
          role_changed_at: instantOrNull(row.roleChangedAt),
          updated_at: instantOrNull(row.updatedAt),
        },
        authenticator: authenticator && {
          created_at: authenticator.createdAt.toISOString(),
          confirmed_at: instantOrNull(authenticator.confirmedAt),
        },
        passkeys: passkeys.map(toPasskey),
        recovery_codes: codes.map(({ createdAt, usedAt }) => ({
          created_at: createdAt.toISOString(),
          used_at: instantOrNull(usedAt),
        })),
        api_keys: await keysOf(userId),
        ...(await tracesOf(database, userId)),
        tokens_count_from: instantOrNull((await TokenCutOff.findByPk(userId))?.issuedBefore),
        sessions: sessions.map((session) => ({
          id: session.id,
          user_agent: session.userAgent,
          address: session.address,
          created_at: session.createdAt.toISOString(),
          last_seen_at: instantOrNull(session.lastSeenAt),
          proved_at: instantOrNull(session.provedAt),
          expires_at: session.expiresAt.toISOString(),
          ended_at: instantOrNull(session.revokedAt),
          renewed_at: renewals.get(session.id) ?? [],
        })),
      }
    },
  }
}
