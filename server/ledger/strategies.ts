import type { Transaction } from 'sequelize'
import type { WorkspaceRole } from '../../contracts/workspaces'
import type { Principal } from '../auth/principal'
import type { Database } from '../db/database'
import { NotFoundError, ReadOnlyWorkspaceError, StrategyArchivedError } from '../errors'
import type { StrategyRow } from '../models/strategy'
import { type Access, includes } from './access'

export type Strategies = ReturnType<typeof createStrategies>

/** How the ledger finds the strategy that something is about to happen to. */
export function createStrategies({ models: { Strategy } }: Database, access: Access) {
  return {
    /**
     * The strategy, where the caller may do what the role allows.
     *
     * @throws {NotFoundError} there is none that the caller can see
     * @throws {ReadOnlyWorkspaceError} they see it and may do no more
     */
    async get(
      principal: Principal,
      id: string,
      needed: WorkspaceRole,
      transaction?: Transaction,
    ): Promise<StrategyRow> {
      const workspaces = await access.workspacesOf(principal, transaction)
      const row = await Strategy.findOne({
        where: { id, workspaceId: [...workspaces.keys()] },
        ...(transaction ? { transaction, lock: true } : {}),
      })
      if (!row) throw new NotFoundError('strategy')
      if (!includes(workspaces.get(row.workspaceId), needed)) throw new ReadOnlyWorkspaceError()
      return row
    },
  }
}

/** @throws {StrategyArchivedError} it was put away: nothing is decided about it any more */
export function requireActive({ archivedAt }: StrategyRow): void {
  if (archivedAt !== null) throw new StrategyArchivedError()
}
