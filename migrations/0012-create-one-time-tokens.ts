import { DataTypes } from 'sequelize'
import { ensureIndex } from './create-or-adopt'
import type { Migration } from './migration'

/**
 * Links that may be followed once: to set a new password, or to show that an e-mail address is somebody's. An account
 * learns since when its address is known to be its owner's.
 */
export const createOneTimeTokens: Migration = {
  name: '0012-create-one-time-tokens',

  async up(schema, transaction) {
    const inside = { transaction }
    // An adopted users table may have ids of Postgres' own UUID type, and a foreign key must be of the same.
    const { id } = await schema.describeTable('users', inside as object)
    await schema.addColumn('users', 'email_verified_at', { type: DataTypes.DATE }, inside)
    await schema.createTable(
      'one_time_tokens',
      {
        hash: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
        purpose: { type: DataTypes.STRING, allowNull: false },
        user_id: {
          type: id?.type === 'UUID' ? DataTypes.UUID : DataTypes.STRING,
          allowNull: false,
          references: { model: 'users', key: 'id' },
          onDelete: 'CASCADE',
        },
        email: DataTypes.STRING,
        bound_to: { type: DataTypes.STRING, allowNull: false },
        change_id: DataTypes.STRING,
        created_at: { type: DataTypes.DATE, allowNull: false },
        expires_at: { type: DataTypes.DATE, allowNull: false },
        used_at: DataTypes.DATE,
      },
      inside,
    )
    await ensureIndex(schema, transaction, 'one_time_tokens', 'ix_one_time_tokens_user_id', ['user_id'])
    await ensureIndex(schema, transaction, 'one_time_tokens', 'ix_one_time_tokens_expires_at', ['expires_at'])
  },

  async down(schema, transaction) {
    await schema.dropTable('one_time_tokens', { transaction })
    await schema.sequelize.query('ALTER TABLE users DROP COLUMN email_verified_at', { transaction })
  },
}
