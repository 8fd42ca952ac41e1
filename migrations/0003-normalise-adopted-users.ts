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

    const isPostgres = sequelize.getDialect() === 'postgres'
    // A flag without a value counted as "no" there, and so does what SQLite keeps but no flag can be.
    for (const flag of ['is_active', 'is_admin']) {
      const isYes = isPostgres ? flag : `lower(CAST(${flag} AS TEXT)) IN ('1', 'true', 't')`
      await run(`UPDATE users SET ${flag} = CASE WHEN ${isYes} THEN :yes ELSE :no END`, { yes: true, no: false })
    }
    if (isPostgres) {
      await run(
        `UPDATE users SET created_at = CASE WHEN isfinite(updated_at) THEN updated_at ELSE CURRENT_TIMESTAMP END
         WHERE created_at IS NULL OR NOT isfinite(created_at)`,
      )
    } else {
      // Python's bcrypt makes bytes, and SQLite never takes bytes for the same text.
      await run('UPDATE users SET hashed_password = CAST(hashed_password AS TEXT)')
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
