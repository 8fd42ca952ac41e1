import type { Transaction } from 'sequelize'
import type { WorkspaceRole } from '../../contracts/workspaces'
import type { Principal } from '../auth/principal'
import type { Database } from '../db/database'
import { select } from '../db/select'

const MAY = { viewer: 0, editor: 1, owner: 2 } as const satisfies Record<WorkspaceRole, number>

export type Access = ReturnType<typeof createAccess>

/** The workspaces a caller sees, by id, and what they may do there. */
export type Workspaces = ReadonlyMap<string, WorkspaceRole>

/** Whether a role in a workspace includes another. */
export const includes = (role: WorkspaceRole | undefined, needed: WorkspaceRole): boolean =>
  role !== undefined && MAY[role] >= MAY[needed]

/**
 * Who sees what in the ledger: their own workspace, those they are a member of and, as administrator, those that belong
 * to nobody. Every service asks here first and puts the answer into its queries.
 */
export function createAccess(database: Database) {
  async function workspacesOf(principal: Principal, transaction?: Transaction): Promise<Workspaces> {
    const rows = await select(
      database,
      `SELECT id, 'owner' AS role FROM workspaces WHERE owner_id = :user
       UNION ALL
       SELECT workspace_id, role FROM workspace_members WHERE user_id = :user
       UNION ALL
       SELECT id, 'owner' FROM workspaces
       WHERE owner_id IS NULL AND EXISTS (SELECT 1 FROM users WHERE id = :user AND is_admin = :yes)`,
      { user: principal.userId, yes: true },
      transaction,
    )
    const roles = new Map<string, WorkspaceRole>()
    for (const row of rows) {
      const [id, role] = [String(row.id), String(row.role) as WorkspaceRole]
      if (!includes(roles.get(id), role)) roles.set(id, role)
    }
    return roles
  }

  return {
    workspacesOf,

    /** Who sees each of some workspaces: the same rule from its other side, for what is told to many at once. */
    async audienceOf(workspaceIds: string[]): Promise<Map<string, Set<string>>> {
      const rows = await select(
        database,
        `SELECT id, owner_id AS user_id FROM workspaces WHERE id IN (:workspaceIds) AND owner_id IS NOT NULL
         UNION ALL
         SELECT workspace_id, user_id FROM workspace_members WHERE workspace_id IN (:workspaceIds)
         UNION ALL
         SELECT workspaces.id, users.id FROM workspaces CROSS JOIN users
         WHERE workspaces.id IN (:workspaceIds) AND owner_id IS NULL AND users.is_admin = :yes`,
        { workspaceIds, yes: true },
      )
      const audiences = new Map<string, Set<string>>()
      for (const row of rows) {
        const audience = audiences.get(String(row.id)) ?? new Set()
        audiences.set(String(row.id), audience.add(String(row.user_id)))
      }
      return audiences
    },

    /** The caller's own workspace, made when it is first needed; its id is theirs. */
    async ownWorkspace(principal: Principal, now: Date, transaction: Transaction): Promise<string> {
      await database.sequelize.query(
        `INSERT INTO workspaces (id, name, kind, owner_id, created_at)
         SELECT CAST(id AS VARCHAR(255)), name, 'own', id, :now FROM users WHERE id = :user ON CONFLICT DO NOTHING`,
        { replacements: { user: principal.userId, now }, transaction },
      )
      return principal.userId
    },
  }
}
