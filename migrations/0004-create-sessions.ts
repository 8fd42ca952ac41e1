import { DataTypes, type Logging, type Transactionable } from 'sequelize'
import { type Columns, checkAdoptable, createOrAdopt, ensureIndex } from './create-or-adopt'
import type { Migration } from './migration'

const SESSIONS: Columns = {
  id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
  user_id: { type: DataTypes.STRING, references: { model: 'users', key: 'id' }, onDelete: 'SET NULL' },
  created_at: { type: DataTypes.DATE, allowNull: false },
  expires_at: { type: DataTypes.DATE, allowNull: false },
  revoked_at: { type: DataTypes.DATE },
}

/**
 * One row per sign-in. A deleted user's sessions stay, revoked, until they expire: they are what tells a restarted
 * server that those tokens are dead.
 */
export const createSessions: Migration = {
  name: '0004-create-sessions',

  check: (schema) => checkAdoptable(schema, 'sessions', SESSIONS),

  async up(schema, transaction) {
    const inside: Transactionable & Logging = { transaction }
    // An adopted users table may have ids of Postgres' own UUID type, and a foreign key must be of the same.
    const { id } = await schema.describeTable('users', inside)
    const userId = { ...SESSIONS.user_id, type: id?.type === 'UUID' ? DataTypes.UUID : DataTypes.STRING }
    await createOrAdopt(schema, transaction, 'sessions', { ...SESSIONS, user_id: userId })
    await ensureIndex(schema, transaction, 'sessions', 'ix_sessions_user_id', ['user_id'])
    await ensureIndex(schema, transaction, 'sessions', 'ix_sessions_expires_at', ['expires_at'])
  },

  async down(schema, transaction) {
    await schema.dropTable('sessions', { transaction })
  },
}
