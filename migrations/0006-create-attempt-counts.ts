import { DataTypes } from 'sequelize'
import { type Columns, checkAdoptable, createOrAdopt, ensureIndex } from './create-or-adopt'
import type { Migration } from './migration'

const ATTEMPT_COUNTS: Columns = {
  key: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
  points: { type: DataTypes.INTEGER, allowNull: false },
  expires_at: { type: DataTypes.DATE, allowNull: false },
}

/** How often somebody failed, under keys that do not say who. */
export const createAttemptCounts: Migration = {
  name: '0006-create-attempt-counts',

  check: (schema) => checkAdoptable(schema, 'attempt_counts', ATTEMPT_COUNTS),

  async up(schema, transaction) {
    await createOrAdopt(schema, transaction, 'attempt_counts', ATTEMPT_COUNTS)
    await ensureIndex(schema, transaction, 'attempt_counts', 'ix_attempt_counts_expires_at', ['expires_at'])
  },

  async down(schema, transaction) {
    await schema.dropTable('attempt_counts', { transaction })
  },
}
