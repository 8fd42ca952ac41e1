import { DataTypes } from 'sequelize'
import { type Columns, checkAdoptable, createOrAdopt, ensureIndex } from './create-or-adopt'
import type { Migration } from './migration'

const TOKEN_CUT_OFFS: Columns = {
  user_id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
  issued_before: { type: DataTypes.DATE, allowNull: false },
  kept_session_id: { type: DataTypes.STRING },
  expires_at: { type: DataTypes.DATE, allowNull: false },
}

/**
 * Since when a user's tokens count, after all of their sessions were ended at once. It refers to no row: it outlives
 * the user, and ends tokens whose session the database has lost.
 */
export const createTokenCutOffs: Migration = {
  name: '0007-create-token-cut-offs',

  check: (schema) => checkAdoptable(schema, 'token_cut_offs', TOKEN_CUT_OFFS),

  async up(schema, transaction) {
    await createOrAdopt(schema, transaction, 'token_cut_offs', TOKEN_CUT_OFFS)
    await ensureIndex(schema, transaction, 'token_cut_offs', 'ix_token_cut_offs_expires_at', ['expires_at'])
  },

  async down(schema, transaction) {
    await schema.dropTable('token_cut_offs', { transaction })
  },
}
