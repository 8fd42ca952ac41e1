import { DataTypes } from 'sequelize'
import type { Migration } from './migration'

/**
 * A session learns where it is used and until when it may be renewed; each row of refresh_tokens is one token that was
 * given out for it. Spent ones stay, so that their reuse shows.
 */
export const addRefreshTokens: Migration = {
  name: '0005-add-refresh-tokens',

  async up(schema, transaction) {
    await schema.addColumn('sessions', 'user_agent', { type: DataTypes.TEXT }, { transaction })
    await schema.addColumn('sessions', 'address', { type: DataTypes.STRING }, { transaction })
    await schema.addColumn('sessions', 'last_seen_at', { type: DataTypes.DATE }, { transaction })
    await schema.createTable(
      'refresh_tokens',
      {
        hash: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
        session_id: {
          type: DataTypes.STRING,
          allowNull: false,
          references: { model: 'sessions', key: 'id' },
          onDelete: 'CASCADE',
        },
        issued_at: { type: DataTypes.DATE, allowNull: false },
        spent_at: DataTypes.DATE,
        salt: DataTypes.STRING,
      },
      { transaction },
    )
    await schema.addIndex('refresh_tokens', ['session_id'], { name: 'ix_refresh_tokens_session_id', transaction })
  },

  async down(schema, transaction) {
    await schema.dropTable('refresh_tokens', { transaction })
    for (const column of ['last_seen_at', 'address', 'user_agent'])
      await schema.sequelize.query(`ALTER TABLE sessions DROP COLUMN ${column}`, { transaction })
  },
}
