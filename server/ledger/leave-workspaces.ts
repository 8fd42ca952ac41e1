import type { Transaction } from 'sequelize'
import type { Actor } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { AppError } from '../errors'
import { DELETED_ACCOUNT } from './columns'

/**
 * What becomes of somebody's workspaces when their account goes. Evidence stays: a workspace that holds some passes to
 * the administrators, without the person's name; one that holds none goes as well.
 *
 * @throws {AppError} `workspace_owner`: others are in a workspace of theirs, and it has to be handed over first
 */
export async function leaveWorkspaces(
  { models }: Database,
  audit: Audit,
  userId: string,
  by: Actor,
  transaction: Transaction,
): Promise<void> {
  const { Strategy, Workspace, WorkspaceMember } = models
  const owned = await Workspace.findAll({ where: { ownerId: userId }, lock: true, transaction })
  for (const { id, name } of owned)
    if ((await WorkspaceMember.count({ where: { workspaceId: id }, transaction })) > 0)
      throw new AppError(
        'workspace_owner',
        409,
        `Others are in your workspace “${name}”: hand it over to one of them first.`,
      )
  for (const workspace of owned) {
    if ((await Strategy.count({ where: { workspaceId: workspace.id }, transaction })) === 0) {
      await workspace.destroy({ transaction })
      continue
    }
    if (workspace.kind === 'own') await workspace.update({ name: DELETED_ACCOUNT, kind: 'shared' }, { transaction })
    audit.record({ action: 'workspace.left_behind', by, target: { type: 'workspace', id: workspace.id } }, transaction)
  }
}
