import { QueryTypes } from 'sequelize'
import type { Migration } from './migration'

/**
 * The Python system compared e-mail addresses case by case and left flags and times empty. Addresses become lower
 * case, except where two people would then share one: those rows stay as they are and are found as typed.
 */
export const normaliseAdoptedUsers: Migration = {
  name: '0003-normalise-adopted-users',

  async up({ sequelize }, transaction) {
    const rows = await sequelize.query<{ id: string; email: string }>('SELECT id, email FROM users', {
      type: QueryTypes.SELECT,
      transaction,
    })
    const normalise = (email: string) => email.trim().normalize('NFC').toLowerCase()
    const holders = new Map<string, number>()
    for (const { email } of rows) holders.set(normalise(email), (holders.get(normalise(email)) ?? 0) + 1)
    for (const { id, email } of rows) {
      const normalised = normalise(email)
      if (normalised === email || holders.get(normalised) !== 1) continue
      await sequelize.query('UPDATE users SET email = :normalised WHERE id = :id', {
        replacements: { id, normalised },
        transaction,
      })
    }
    await sequelize.query('UPDATE users SET is_active = :no WHERE is_active IS NULL', {
      replacements: { no: false },
      transaction,
    })
    await sequelize.query('UPDATE users SET is_admin = :no WHERE is_admin IS NULL', {
      replacements: { no: false },
      transaction,
    })
    await sequelize.query(
      'UPDATE users SET created_at = COALESCE(updated_at, CURRENT_TIMESTAMP) WHERE created_at IS NULL',
      { transaction },
    )
  },

  // The old spellings are not kept: the schema is the same before and after, so there is nothing to take back.
  async down() {},
}
