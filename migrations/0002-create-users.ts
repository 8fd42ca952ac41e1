import { DataTypes, literal, QueryTypes } from 'sequelize'
import { type Columns, checkAdoptable, createOrAdopt, ensureIndex } from './create-or-adopt'
import { AdoptionError, type Migration } from './migration'

const USERS: Columns = {
  id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
  email: { type: DataTypes.STRING, allowNull: false },
  name: { type: DataTypes.STRING, allowNull: false },
  hashed_password: { type: DataTypes.STRING, allowNull: false },
  is_active: { type: DataTypes.BOOLEAN, defaultValue: true },
  is_admin: { type: DataTypes.BOOLEAN, defaultValue: false },
  created_at: { type: DataTypes.DATE, defaultValue: literal('CURRENT_TIMESTAMP') },
  updated_at: { type: DataTypes.DATE },
}

/** users, as the second migration of the Python system has it. */
export const createUsers: Migration = {
  name: '0002-create-users',

  async check(schema) {
    await checkAdoptable(schema, 'users', USERS)
    if (!(await schema.tableExists('users'))) return
    const shared = await schema.sequelize.query(
      'SELECT email FROM users WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1 LIMIT 1',
      { type: QueryTypes.SELECT },
    )
    if (shared.length > 0) throw new AdoptionError('Two rows of the table users have the same e-mail address')
  },

  async up(schema, transaction) {
    await createOrAdopt(schema, transaction, 'users', USERS)
    await ensureIndex(schema, transaction, 'users', 'ix_users_email', ['email'], { unique: true })
    await ensureIndex(schema, transaction, 'users', 'ix_users_is_active', ['is_active'])
  },

  async down(schema, transaction) {
    await schema.dropTable('users', { transaction })
  },
}
