import type { Session, SessionList } from '../../contracts/sessions'
import { actorOf } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { NotFoundError } from '../errors'
import type { SessionRow } from '../models/session'
import { describeDevice } from './device'
import type { SessionPrincipal } from './principal'
import type { Sessions } from './sessions'
import type { UsersDependencies } from './users.service'

export interface SessionsDependencies {
  database: Database
  sessions: Sessions
  announce: UsersDependencies['announce']
  audit: Audit
}

export type SessionsService = ReturnType<typeof createSessionsService>

/** Where a person is signed in, and how they end it from elsewhere. */
export function createSessionsService({ database, sessions, announce, audit }: SessionsDependencies) {
  const { User } = database.models
  return {
    async list(principal: SessionPrincipal): Promise<SessionList> {
      const rows = await sessions.findLive(principal.userId)
      return { sessions: rows.map((row) => toSession(row, principal.sessionId)), total: rows.length, next_cursor: null }
    },

    /** Ends one session of the principal's own. @throws {NotFoundError} there is no such live session */
    async revoke(principal: SessionPrincipal, id: string): Promise<void> {
      await database.write(async (transaction) => {
        const ended = await sessions.revokeOwn(id, principal.userId, transaction)
        if (ended.revoked.length === 0) throw new NotFoundError('session')
        await announce({ userId: principal.userId, ...ended }, transaction)
        const target = { type: 'session', id } as const
        audit.record({ action: 'session.revoked', by: actorOf(principal), target }, transaction)
      })
    },

    /** Ends every session of the principal's but the one they are calling with; answers how many. */
    async revokeOthers(principal: SessionPrincipal): Promise<number> {
      return database.write(async (transaction) => {
        await User.findByPk(principal.userId, { attributes: ['id'], lock: true, transaction })
        const ended = await sessions.revokeAll(principal.userId, transaction, principal.sessionId)
        await announce({ userId: principal.userId, ...ended }, transaction)
        const details = { sessions: ended.revoked.length }
        audit.record({ action: 'session.others_revoked', by: actorOf(principal), details }, transaction)
        return ended.revoked.length
      })
    },
  }
}

export function toSession(row: SessionRow, currentSessionId: string): Session {
  return {
    id: row.id,
    device: describeDevice(row.userAgent ?? ''),
    address: row.address,
    created_at: row.createdAt.toISOString(),
    last_seen_at: (row.lastSeenAt ?? row.createdAt).toISOString(),
    expires_at: row.expiresAt.toISOString(),
    is_current: row.id === currentSessionId,
  }
}
