import { DataTypes, literal } from 'sequelize'
import { addIndexIfMissing, createOrAdopt } from './create-or-adopt'
import type { Migration } from './migration'

/** users, as the second migration of the Python system has it. */
export const createUsers: Migration = {
  name: '0002-create-users',

  async up(schema, transaction) {
    await createOrAdopt(schema, transaction, 'users', {
      id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
      email: { type: DataTypes.STRING, allowNull: false },
      name: { type: DataTypes.STRING, allowNull: false },
      hashed_password: { type: DataTypes.STRING, allowNull: false },
      is_active: { type: DataTypes.BOOLEAN, defaultValue: true },
      is_admin: { type: DataTypes.BOOLEAN, defaultValue: false },
      created_at: { type: DataTypes.DATE, defaultValue: literal('CURRENT_TIMESTAMP') },
      updated_at: DataTypes.DATE,
    })
    await addIndexIfMissing(schema, transaction, 'users', 'ix_users_email', ['email'], { unique: true })
    await addIndexIfMissing(schema, transaction, 'users', 'ix_users_is_active', ['is_active'])
  },

  async down(schema, transaction) {
    await schema.dropTable('users', { transaction })
  },
}
