import { QueryTypes } from 'sequelize'
import type { Migration } from './migration'

interface AdoptedUser {
  id: string
  email: string
}

/**
 * The Python system compared e-mail addresses case by case and left flags and times empty. Addresses become lower
 * case; where two people would then share one, the older account gets it and the other keeps its own spelling.
 * docs/decisions/0010-adopting-python-databases.md says why.
 */
export const normaliseAdoptedUsers: Migration = {
  name: '0003-normalise-adopted-users',

  async up({ sequelize }, transaction) {
    const run = (statement: string, replacements: Record<string, unknown> = {}) =>
      sequelize.query(statement, { replacements, transaction })

    // A flag without a value counted as "no" there.
    await run('UPDATE users SET is_active = :no WHERE is_active IS NULL', { no: false })
    await run('UPDATE users SET is_admin = :no WHERE is_admin IS NULL', { no: false })
    if (sequelize.getDialect() === 'postgres') {
      await run('UPDATE users SET created_at = COALESCE(updated_at, CURRENT_TIMESTAMP) WHERE created_at IS NULL')
    } else {
      const instant = (of: string) => `strftime('%Y-%m-%d %H:%M:%f +00:00', ${of})`
      await run(
        `UPDATE users SET created_at = COALESCE(${instant('updated_at')}, ${instant("'now'")})
         WHERE ${instant('created_at')} IS NULL`,
      )
    }

    const users = await sequelize.query<AdoptedUser>(
      'SELECT id, email FROM users WHERE email IS NOT NULL ORDER BY created_at, id',
      { type: QueryTypes.SELECT, transaction },
    )
    const taken = new Set(users.map(({ email }) => email))
    for (const { id, email } of users) {
      const normalised = email.trim().normalize('NFC').toLowerCase()
      if (taken.has(normalised)) continue
      taken.add(normalised)
      await run('UPDATE users SET email = :normalised WHERE id = :id', { id, normalised })
    }
  },

  // The old spellings are not kept: the schema is the same before and after, so there is nothing to take back.
  async down() {},
}
