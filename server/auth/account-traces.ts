import type { AccountData } from '../../contracts/account-data'
import { readActivity } from '../audit/read-entries'
import type { Database } from '../db/database'
import { select } from '../db/select'
import { STRATEGY_COLUMNS, toStrategy } from '../ledger/strategy-rows'
import { toRole } from './user-rows'

const AT_ONCE = 200
const MOST_ENTRIES = 10_000

type Traces = Pick<AccountData, 'links' | 'invitations_made' | 'workspaces' | 'strategies' | 'activity'>

/** What somebody left beside their account: links, invitations, research, and what the audit log says of them. */
export async function tracesOf(database: Database, userId: string): Promise<Traces> {
  const { OneTimeToken, Invitation } = database.models
  const links = await OneTimeToken.findAll({ where: { userId }, order: [['createdAt', 'ASC']] })
  const invitations = await Invitation.findAll({ where: { createdBy: userId }, order: [['createdAt', 'ASC']] })
  const strategies = await select(
    database,
    `SELECT ${STRATEGY_COLUMNS} FROM strategies WHERE owner_id = :userId ORDER BY created_at`,
    { userId },
  )
  return {
    links: links.map(({ purpose, email, createdAt, expiresAt, usedAt }) => ({
      purpose,
      email: email ?? null,
      created_at: createdAt.toISOString(),
      expires_at: expiresAt.toISOString(),
      used_at: instantOrNull(usedAt),
    })),
    invitations_made: invitations.map((invitation) => ({
      id: invitation.id,
      email: invitation.email,
      role: toRole(invitation.role),
      created_at: invitation.createdAt.toISOString(),
      expires_at: invitation.expiresAt.toISOString(),
      accepted_at: instantOrNull(invitation.acceptedAt),
      revoked_at: instantOrNull(invitation.revokedAt),
    })),
    workspaces: await workspacesOf(database, userId),
    strategies: strategies.map(toStrategy),
    activity: await activityOf(database, userId),
  }
}

async function workspacesOf({ models }: Database, userId: string): Promise<Traces['workspaces']> {
  const owned = await models.Workspace.findAll({ where: { ownerId: userId }, order: [['createdAt', 'ASC']] })
  const joined = await models.WorkspaceMember.findAll({ where: { userId }, order: [['createdAt', 'ASC']] })
  const shared = await models.Workspace.findAll({ where: { id: joined.map(({ workspaceId }) => workspaceId) } })
  const nameOf = new Map(shared.map(({ id, name }) => [id, name]))
  return [
    ...owned.map(({ id, name }) => ({ id, name, role: 'owner' as const })),
    ...joined.map(({ workspaceId: id, role }) => ({ id, name: nameOf.get(id) ?? '', role })),
  ]
}

async function activityOf(database: Database, userId: string): Promise<Traces['activity']> {
  const first = await readActivity(database, userId, { limit: AT_ONCE })
  const entries = first.entries
  for (let cursor = first.next_cursor; cursor !== null && entries.length < MOST_ENTRIES; ) {
    const page = await readActivity(database, userId, { limit: AT_ONCE, cursor })
    entries.push(...page.entries)
    cursor = page.next_cursor
  }
  return { total: first.total ?? entries.length, entries }
}

/** A row made elsewhere may hold what is no time. */
export function instantOrNull(stored: Date | null | undefined): string | null {
  return stored instanceof Date && !Number.isNaN(stored.getTime()) ? stored.toISOString() : null
}
