import { DataTypes, type Logging, type Transactionable } from 'sequelize'
import { type Columns, checkAdoptable, createOrAdopt, ensureIndex } from './create-or-adopt'
import { AdoptionError, type Migration } from './migration'

const INVITATIONS: Columns = {
  id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
  token_hash: { type: DataTypes.STRING, allowNull: false },
  email: { type: DataTypes.STRING },
  role: { type: DataTypes.STRING, allowNull: false },
  created_by: { type: DataTypes.STRING, references: { model: 'users', key: 'id' }, onDelete: 'SET NULL' },
  created_at: { type: DataTypes.DATE, allowNull: false },
  expires_at: { type: DataTypes.DATE, allowNull: false },
  accepted_by: { type: DataTypes.STRING, references: { model: 'users', key: 'id' }, onDelete: 'SET NULL' },
  accepted_at: { type: DataTypes.DATE },
  revoked_at: { type: DataTypes.DATE },
}

/**
 * What a user may do follows from a role; who was an administrator stays one, everybody else does research. is_admin
 * stays in the table for whoever reads it by themselves. An invitation is used once and never deleted: it says who let
 * whom in.
 */
export const addRolesAndInvitations: Migration = {
  name: '0008-add-roles-and-invitations',

  async check(schema) {
    await checkAdoptable(schema, 'invitations', INVITATIONS)
    if (!(await schema.tableExists('users'))) return
    const present = await schema.describeTable('users')
    for (const column of ['role', 'role_changed_at'])
      if (column in present) throw new AdoptionError(`The table users has a column ${column} of its own`)
  },

  async up(schema, transaction) {
    const inside: Transactionable & Logging = { transaction }
    const role = { type: DataTypes.STRING, allowNull: false, defaultValue: 'analyst' }
    await schema.addColumn('users', 'role', role, inside)
    await schema.addColumn('users', 'role_changed_at', { type: DataTypes.DATE }, inside)
    await schema.sequelize.query("UPDATE users SET role = 'admin' WHERE is_admin = :yes", {
      replacements: { yes: true },
      transaction,
    })
    // An adopted users table may have ids of Postgres' own UUID type, and a foreign key must be of the same.
    const { id } = await schema.describeTable('users', inside)
    const type = id?.type === 'UUID' ? DataTypes.UUID : DataTypes.STRING
    await createOrAdopt(schema, transaction, 'invitations', {
      ...INVITATIONS,
      created_by: { ...INVITATIONS.created_by, type },
      accepted_by: { ...INVITATIONS.accepted_by, type },
    })
    await ensureIndex(schema, transaction, 'invitations', 'ix_invitations_token_hash', ['token_hash'], { unique: true })
  },

  async down(schema, transaction) {
    await schema.dropTable('invitations', { transaction })
    for (const column of ['role_changed_at', 'role'])
      await schema.sequelize.query(`ALTER TABLE users DROP COLUMN ${column}`, { transaction })
  },
}
