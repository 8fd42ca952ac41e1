import type { Transaction } from 'sequelize'
import { AppError } from '../errors'
import type { Models } from '../models'

/**
 * Locks the rows of all active administrators until the transaction ends. Whoever may take one away does it before
 * locking that row: rows that are locked in one order keep nobody waiting in a circle.
 */
export function lockAdministrators({ User }: Models, transaction: Transaction): Promise<{ id: string }[]> {
  return User.findAll({
    where: { role: 'admin', isActive: true },
    attributes: ['id'],
    order: [['id', 'ASC']],
    lock: true,
    transaction,
  })
}

/**
 * Refuses what would leave the server without an active administrator. Their rows stay locked until the transaction
 * ends, so that of two who leave at once the second sees the first one gone.
 *
 * @throws {AppError} `last_administrator`
 */
export async function refuseLastAdministrator(
  models: Models,
  leavingUserId: string,
  transaction: Transaction,
): Promise<void> {
  const rows = await lockAdministrators(models, transaction)
  if (rows.length === 1 && rows[0]?.id === leavingUserId)
    throw new AppError(
      'last_administrator',
      409,
      'This is the only administrator: make somebody else an administrator first.',
    )
}
