import type { Transaction } from 'sequelize'
import { AppError } from '../errors'
import type { Models } from '../models'

/**
 * Refuses what would leave the server without an active administrator. Their rows stay locked until the transaction
 * ends, so that of two who leave at once the second sees the first one gone.
 *
 * @throws {AppError} `last_administrator`
 */
export async function refuseLastAdministrator(
  { User }: Models,
  leavingUserId: string,
  transaction: Transaction,
): Promise<void> {
  const rows = await User.findAll({
    where: { role: 'admin', isActive: true },
    attributes: ['id'],
    order: [['id', 'ASC']],
    lock: true,
    transaction,
  })
  if (rows.length === 1 && rows[0]?.id === leavingUserId)
    throw new AppError(
      'last_administrator',
      409,
      'This is the only administrator: make somebody else an administrator first.',
    )
}
