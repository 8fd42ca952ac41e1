import type { Transaction } from 'sequelize'
import type { Database } from '../db/database'
import { AppError } from '../errors'
import type { UserRow } from '../models/user'
import type { Passwords } from './passwords'
import type { SessionPrincipal } from './principal'
import { sessionEnded, untilUnchanged } from './refusals'
import type { Sessions } from './sessions'
import { rawRow, toUser } from './user-rows'

export type PasswordProof = ReturnType<typeof createPasswordProof>

export const wrongPassword = () => new AppError('wrong_password', 400, 'The password is not right.')

/**
 * Makes the function that does work for somebody who shows their password once more. The stored hash is compared again
 * under the row's lock, and so is the right to be here: the account may be deactivated, or the session ended, since the
 * request began.
 *
 * @throws {AppError} `wrong_password`
 * @throws {UnauthenticatedError} the account is gone or not active any more, or the session has ended
 */
export function createPasswordProof({ models: { User }, write }: Database, passwords: Passwords, sessions: Sessions) {
  return async <T>(
    { userId, sessionId }: SessionPrincipal,
    password: string,
    work: (row: UserRow, transaction: Transaction) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> => {
    const { done } = await untilUnchanged(async () => {
      const hash = (await User.findByPk(userId, { attributes: ['hashedPassword'] }))?.hashedPassword
      if (hash === undefined) {
        await passwords.pretendToMatch(password, signal)
        throw sessionEnded()
      }
      if (!(await passwords.matches(password, hash, signal))) throw wrongPassword()
      return write(async (transaction) => {
        const row = await User.findByPk(userId, { lock: true, transaction })
        if (!row || !toUser(rawRow(row)).is_active || !(await sessions.isLive(sessionId, transaction)))
          throw sessionEnded()
        return row.hashedPassword === hash ? { done: await work(row, transaction) } : undefined
      })
    })
    return done
  }
}
