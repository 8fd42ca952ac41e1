import { DataTypes } from 'sequelize'
import type { Migration } from './migration'

/** A session in a browser is renewed only with a key that this browser keeps; what proved it lately counts once. */
export const bindSessionsToKeys: Migration = {
  name: '0025-bind-sessions-to-keys',

  async up(schema, transaction) {
    await schema.addColumn('sessions', 'key_thumbprint', { type: DataTypes.STRING }, { transaction })
    await schema.addColumn('sessions', 'shown_proofs', { type: DataTypes.TEXT }, { transaction })
  },

  async down(schema, transaction) {
    for (const column of ['shown_proofs', 'key_thumbprint'])
      await schema.sequelize.query(`ALTER TABLE sessions DROP COLUMN ${column}`, { transaction })
  },
}
