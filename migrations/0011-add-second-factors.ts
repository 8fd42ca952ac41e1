import { DataTypes } from 'sequelize'
import { ensureIndex } from './create-or-adopt'
import type { Migration } from './migration'

const TABLES = ['server_settings', 'auth_challenges', 'passkeys', 'recovery_codes', 'totp_factors']

/**
 * What a person can show besides a password: an authenticator app, recovery codes, passkeys. A challenge is a proof that
 * has been asked for and not been given yet. A session learns when its owner last proved to be there.
 */
export const addSecondFactors: Migration = {
  name: '0011-add-second-factors',

  async up(schema, transaction) {
    const inside = { transaction }
    // An adopted users table may have ids of Postgres' own UUID type, and a foreign key must be of the same.
    const { id } = await schema.describeTable('users', inside as object)
    const owner = {
      type: id?.type === 'UUID' ? DataTypes.UUID : DataTypes.STRING,
      references: { model: 'users', key: 'id' },
      onDelete: 'CASCADE',
    }
    const required = { allowNull: false }

    await schema.addColumn('sessions', 'proved_at', { type: DataTypes.DATE }, inside)
    await schema.createTable(
      'totp_factors',
      {
        user_id: { ...owner, primaryKey: true, ...required },
        sealed_secret: { type: DataTypes.TEXT, ...required },
        created_at: { type: DataTypes.DATE, ...required },
        confirmed_at: DataTypes.DATE,
        last_step: DataTypes.INTEGER,
      },
      inside,
    )
    await schema.createTable(
      'recovery_codes',
      {
        hash: { type: DataTypes.STRING, primaryKey: true, ...required },
        user_id: { ...owner, ...required },
        created_at: { type: DataTypes.DATE, ...required },
        used_at: DataTypes.DATE,
      },
      inside,
    )
    await schema.createTable(
      'passkeys',
      {
        id: { type: DataTypes.STRING, primaryKey: true, ...required },
        user_id: { ...owner, ...required },
        credential_id: { type: DataTypes.TEXT, ...required },
        public_key: { type: DataTypes.TEXT, ...required },
        sign_count: { type: DataTypes.BIGINT, ...required },
        rp_id: { type: DataTypes.STRING, ...required },
        transports: { type: DataTypes.STRING, ...required },
        name: { type: DataTypes.STRING, ...required },
        created_at: { type: DataTypes.DATE, ...required },
        last_used_at: DataTypes.DATE,
      },
      inside,
    )
    await schema.createTable(
      'auth_challenges',
      {
        hash: { type: DataTypes.STRING, primaryKey: true, ...required },
        purpose: { type: DataTypes.STRING, ...required },
        user_id: owner,
        session_id: DataTypes.STRING,
        password_digest: DataTypes.STRING,
        attempts: { type: DataTypes.INTEGER, ...required, defaultValue: 0 },
        expires_at: { type: DataTypes.DATE, ...required },
      },
      inside,
    )
    await schema.createTable(
      'server_settings',
      {
        name: { type: DataTypes.STRING, primaryKey: true, ...required },
        value: { type: DataTypes.TEXT, ...required },
        updated_at: { type: DataTypes.DATE, ...required },
      },
      inside,
    )
    await ensureIndex(schema, transaction, 'recovery_codes', 'ix_recovery_codes_user_id', ['user_id'])
    await ensureIndex(schema, transaction, 'passkeys', 'ix_passkeys_user_id', ['user_id'])
    await schema.addIndex('passkeys', ['credential_id'], {
      name: 'ix_passkeys_credential_id',
      unique: true,
      transaction,
    })
    await ensureIndex(schema, transaction, 'auth_challenges', 'ix_auth_challenges_expires_at', ['expires_at'])
  },

  async down(schema, transaction) {
    for (const table of TABLES) await schema.dropTable(table, { transaction })
    await schema.sequelize.query('ALTER TABLE sessions DROP COLUMN proved_at', { transaction })
  },
}
