import { randomUUID } from 'node:crypto'
import type { Transaction } from 'sequelize'
import type {
  MemberList,
  NewMember,
  NewWorkspace,
  Workspace,
  WorkspaceKind,
  WorkspaceList,
  WorkspaceRole,
} from '../../contracts/workspaces'
import { actorOf } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Principal } from '../auth/principal'
import type { Database } from '../db/database'
import { select } from '../db/select'
import { NotFoundError, ReadOnlyWorkspaceError, ValidationError } from '../errors'
import type { WorkspaceRow } from '../models/workspace'
import { type Access, includes } from './access'
import { instant } from './columns'

export type WorkspacesService = ReturnType<typeof createWorkspacesService>

/** Who works together: shared workspaces and their members. */
export function createWorkspacesService(database: Database, access: Access, audit: Audit, now: () => number) {
  const { Workspace, WorkspaceMember } = database.models

  async function read(principal: Principal, only?: string): Promise<Workspace[]> {
    const roles = await access.workspacesOf(principal)
    const ids = [...roles.keys()].filter((id) => only === undefined || id === only)
    if (ids.length === 0) return []
    const rows = await select(
      database,
      `SELECT workspaces.*, (SELECT count(*) FROM workspace_members WHERE workspace_id = workspaces.id) AS members
       FROM workspaces WHERE id IN (:ids) ORDER BY CASE kind WHEN 'own' THEN 0 ELSE 1 END, lower(name), id`,
      { ids },
    )
    return rows.map((row) => ({
      id: String(row.id),
      name: String(row.name),
      kind: String(row.kind) as WorkspaceKind,
      role: roles.get(String(row.id)) ?? 'viewer',
      member_count: Number(row.members) + (row.owner_id === null ? 0 : 1),
      created_at: instant(row.created_at),
    }))
  }

  async function one(principal: Principal, id: string): Promise<Workspace> {
    const [workspace] = await read(principal, id)
    if (!workspace) throw new NotFoundError('workspace')
    return workspace
  }

  async function get(
    principal: Principal,
    id: string,
    needed: WorkspaceRole,
    transaction: Transaction,
  ): Promise<WorkspaceRow> {
    const role = (await access.workspacesOf(principal, transaction)).get(id)
    const row = role ? await Workspace.findByPk(id, { transaction, lock: true }) : null
    if (!row) throw new NotFoundError('workspace')
    if (!includes(role, needed)) throw new ReadOnlyWorkspaceError()
    return row
  }

  async function setRole(workspaceId: string, userId: string, role: 'viewer' | 'editor', transaction: Transaction) {
    const [changed] = await WorkspaceMember.update({ role }, { where: { workspaceId, userId }, transaction })
    if (changed === 0)
      await WorkspaceMember.create({ workspaceId, userId, role, createdAt: new Date(now()) }, { transaction })
  }

  async function handOver(workspace: WorkspaceRow, userId: string, transaction: Transaction): Promise<void> {
    const { id, ownerId } = workspace
    await WorkspaceMember.destroy({ where: { workspaceId: id, userId }, transaction })
    await workspace.update({ ownerId: userId }, { transaction })
    if (ownerId !== null) await setRole(id, ownerId, 'editor', transaction)
  }

  async function members(id: string): Promise<MemberList> {
    const rows = await select(
      database,
      `SELECT users.id, users.name, users.email, 'owner' AS role FROM workspaces
       JOIN users ON users.id = workspaces.owner_id WHERE workspaces.id = :id
       UNION ALL
       SELECT users.id, users.name, users.email, workspace_members.role FROM workspace_members
       JOIN users ON users.id = workspace_members.user_id WHERE workspace_id = :id`,
      { id },
    )
    const list = rows.map((row) => ({
      user_id: String(row.id),
      name: String(row.name),
      email: String(row.email),
      role: String(row.role) as WorkspaceRole,
    }))
    return { members: list, total: list.length, next_cursor: null }
  }

  return {
    async list(principal: Principal): Promise<WorkspaceList> {
      if (!(await access.workspacesOf(principal)).has(principal.userId))
        await database.write((transaction) => access.ownWorkspace(principal, new Date(now()), transaction))
      const workspaces = await read(principal)
      return { workspaces, total: workspaces.length, next_cursor: null }
    },

    async create(principal: Principal, { name }: NewWorkspace): Promise<Workspace> {
      const id = randomUUID()
      await database.write(async (transaction) => {
        const row = { id, name, kind: 'shared' as const, ownerId: principal.userId, createdAt: new Date(now()) }
        await Workspace.create(row, { transaction })
        audit.record(
          { action: 'workspace.created', by: actorOf(principal), target: { type: 'workspace', id } },
          transaction,
        )
      })
      return one(principal, id)
    },

    async rename(principal: Principal, id: string, { name }: NewWorkspace): Promise<Workspace> {
      await database.write(async (transaction) => {
        const row = await get(principal, id, 'owner', transaction)
        await row.update({ name }, { transaction })
        audit.record(
          { action: 'workspace.renamed', by: actorOf(principal), target: { type: 'workspace', id } },
          transaction,
        )
      })
      return one(principal, id)
    },

    async members(principal: Principal, id: string): Promise<MemberList> {
      await one(principal, id)
      return members(id)
    },

    /** Lets a person in, changes their role, or hands the workspace over. @throws {ValidationError} nobody has that address, or it is the owner's */
    async addMember(principal: Principal, id: string, { email, role }: NewMember): Promise<MemberList> {
      await database.write(async (transaction) => {
        const row = await get(principal, id, 'owner', transaction)
        if (row.kind === 'own')
          throw refused('Your own workspace is for you alone: make a shared one and move strategies there.')
        const [user] = await select(
          database,
          'SELECT id FROM users WHERE email IN (:emails) AND is_active = :yes ORDER BY email = :asTyped DESC LIMIT 1',
          { emails: [email, email.normalize('NFC').toLowerCase()], asTyped: email, yes: true },
          transaction,
        )
        if (!user) throw refused('Nobody here has that e-mail address.')
        const userId = String(user.id)
        if (userId === row.ownerId) throw refused('The owner of a workspace is in it already.')
        if (role === 'owner') await handOver(row, userId, transaction)
        else await setRole(id, userId, role, transaction)
        audit.record(
          {
            action: 'workspace.member_added',
            by: actorOf(principal),
            account: userId,
            target: { type: 'workspace', id },
            details: { role },
          },
          transaction,
        )
      })
      return members(id)
    },

    /** Takes a member out; anybody may take out themselves. */
    async removeMember(principal: Principal, id: string, userId: string): Promise<void> {
      await database.write(async (transaction) => {
        await get(principal, id, userId === principal.userId ? 'viewer' : 'owner', transaction)
        const removed = await WorkspaceMember.destroy({ where: { workspaceId: id, userId }, transaction })
        if (removed === 0) throw new NotFoundError('member')
        audit.record(
          {
            action: 'workspace.member_removed',
            by: actorOf(principal),
            account: userId,
            target: { type: 'workspace', id },
          },
          transaction,
        )
      })
    },
  }
}

function refused(message: string): ValidationError {
  return new ValidationError([{ field: 'email', message, code: 'not_allowed' }])
}
