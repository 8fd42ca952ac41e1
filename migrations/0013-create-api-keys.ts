import { DataTypes } from 'sequelize'
import { ensureIndex } from './create-or-adopt'
import type { Migration } from './migration'

/**
 * An API key as its owner knows it, and the secrets that are accepted for it: one, and for a while after a rotation the one
 * before as well. A secret is found by its hash.
 */
export const createApiKeys: Migration = {
  name: '0013-create-api-keys',

  async up(schema, transaction) {
    const required = { allowNull: false }
    // An adopted users table may have ids of Postgres' own UUID type, and a foreign key must be of the same.
    const { id } = await schema.describeTable('users', { transaction } as object)
    await schema.createTable(
      'api_keys',
      {
        id: { type: DataTypes.STRING, primaryKey: true, ...required },
        user_id: {
          type: id?.type === 'UUID' ? DataTypes.UUID : DataTypes.STRING,
          references: { model: 'users', key: 'id' },
          onDelete: 'CASCADE',
          ...required,
        },
        name: { type: DataTypes.STRING, ...required },
        scopes: { type: DataTypes.TEXT, ...required },
        addresses: DataTypes.TEXT,
        life_seconds: DataTypes.INTEGER,
        created_at: { type: DataTypes.DATE, ...required },
        expires_at: DataTypes.DATE,
        revoked_at: DataTypes.DATE,
        last_used_at: DataTypes.DATE,
        last_used_address: DataTypes.STRING,
      },
      { transaction },
    )
    await schema.createTable(
      'api_key_secrets',
      {
        hash: { type: DataTypes.STRING, primaryKey: true, ...required },
        key_id: {
          type: DataTypes.STRING,
          references: { model: 'api_keys', key: 'id' },
          onDelete: 'CASCADE',
          ...required,
        },
        hint: { type: DataTypes.STRING, ...required },
        created_at: { type: DataTypes.DATE, ...required },
        works_until: DataTypes.DATE,
        last_used_at: DataTypes.DATE,
      },
      { transaction },
    )
    await ensureIndex(schema, transaction, 'api_keys', 'ix_api_keys_user_id', ['user_id'])
    await ensureIndex(schema, transaction, 'api_key_secrets', 'ix_api_key_secrets_key_id', ['key_id'])
  },

  async down(schema, transaction) {
    await schema.dropTable('api_key_secrets', { transaction })
    await schema.dropTable('api_keys', { transaction })
  },
}
