import { createHash, randomBytes } from 'node:crypto'
import type { Transaction } from 'sequelize'
import type { Models } from '../../models'

export const RECOVERY_CODES = 10
const CHARACTERS = 24
const GROUP = 6
/** Crockford's base32: no letter looks like a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

export type RecoveryCodes = ReturnType<typeof createRecoveryCodes>

/**
 * Codes for the day the telephone is lost, each good for one use. Of 120 random bits only a plain hash is kept: there
 * is nothing to guess (OWASP ASVS 5.0, 6.5.2), and no key that could be lost together with the telephone.
 */
export function createRecoveryCodes({ RecoveryCode }: Models, now: () => number) {
  /** Makes ten new ones; the ones before are gone. This is the only time they can be seen. */
  async function replace(userId: string, transaction: Transaction): Promise<string[]> {
    await RecoveryCode.destroy({ where: { userId }, transaction })
    const codes = Array.from({ length: RECOVERY_CODES }, makeCode)
    const rows = codes.map((code) => ({ hash: hashOf(code), userId, createdAt: new Date(now()) }))
    await RecoveryCode.bulkCreate(rows, { transaction })
    return codes
  }

  return {
    replace,

    /** Makes ten where there are none yet, used or not. */
    async first(userId: string, transaction: Transaction): Promise<string[] | null> {
      return (await RecoveryCode.count({ where: { userId }, transaction })) > 0 ? null : replace(userId, transaction)
    },

    /** Uses a code up. @returns whether it was one of this user's and had not been used; of two uses at once, one. */
    async use(userId: string, typed: string, transaction: Transaction): Promise<boolean> {
      const unused = { hash: hashOf(typed), userId, usedAt: null }
      const [count] = await RecoveryCode.update({ usedAt: new Date(now()) }, { where: unused, transaction })
      return count === 1
    },

    left: (userId: string, transaction?: Transaction): Promise<number> =>
      RecoveryCode.count({ where: { userId, usedAt: null }, ...(transaction && { transaction }) }),

    async forget(userId: string, transaction: Transaction): Promise<void> {
      await RecoveryCode.destroy({ where: { userId }, transaction })
    },
  }
}

/** Four groups of six, for example `7k3m9x-q2w8rt-4hzc6v-n5p1dj`. */
function makeCode(): string {
  const characters = [...randomBytes(CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length])
  return Array.from({ length: CHARACTERS / GROUP }, (_, group) =>
    characters.slice(group * GROUP, (group + 1) * GROUP).join(''),
  ).join('-')
}

/** Whatever a person types for a code: case, spaces and hyphens do not count, and look-alikes are what they look like. */
function hashOf(typed: string): string {
  const plain = typed.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1')
  return createHash('sha256').update(plain).digest('hex')
}
