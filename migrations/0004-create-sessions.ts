import { DataTypes } from 'sequelize'
import type { Migration } from './migration'

/**
 * One row per sign-in. A deleted user's sessions stay, revoked, until they expire: they are what tells a restarted
 * server that those tokens are dead.
 */
export const createSessions: Migration = {
  name: '0004-create-sessions',

  async up(schema, transaction) {
    await schema.createTable(
      'sessions',
      {
        id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
        user_id: {
          type: DataTypes.STRING,
          references: { model: 'users', key: 'id' },
          onDelete: 'SET NULL',
        },
        created_at: { type: DataTypes.DATE, allowNull: false },
        expires_at: { type: DataTypes.DATE, allowNull: false },
        revoked_at: DataTypes.DATE,
      },
      { transaction },
    )
    await schema.addIndex('sessions', ['user_id'], { name: 'ix_sessions_user_id', transaction })
    await schema.addIndex('sessions', ['expires_at'], { name: 'ix_sessions_expires_at', transaction })
  },

  async down(schema, transaction) {
    await schema.dropTable('sessions', { transaction })
  },
}
