import { DataTypes } from 'sequelize'
import type { Columns } from './create-or-adopt'
import { AdoptionError, type Migration } from './migration'

const FIRST_HASH = '0'.repeat(64)

// On SQLite an INTEGER primary key is the row id itself, of 64 bits.
const auditLog = (dialect: string): Columns => ({
  seq: { type: dialect === 'sqlite' ? DataTypes.INTEGER : DataTypes.BIGINT, primaryKey: true, allowNull: false },
  occurred_at: { type: DataTypes.DATE, allowNull: false },
  action: { type: DataTypes.STRING, allowNull: false },
  outcome: { type: DataTypes.STRING, allowNull: false },
  actor_kind: { type: DataTypes.STRING, allowNull: false },
  actor_id: { type: DataTypes.STRING },
  credential_id: { type: DataTypes.STRING },
  account_id: { type: DataTypes.STRING },
  target_type: { type: DataTypes.STRING },
  target_id: { type: DataTypes.STRING },
  address: { type: DataTypes.STRING },
  device: { type: DataTypes.STRING },
  request_id: { type: DataTypes.STRING },
  details: { type: DataTypes.TEXT, allowNull: false },
  key_id: { type: DataTypes.STRING, allowNull: false },
  previous_hash: { type: DataTypes.STRING, allowNull: false },
  hash: { type: DataTypes.STRING, allowNull: false },
  mac: { type: DataTypes.STRING, allowNull: false },
})

const AUDIT_HEAD: Columns = {
  id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
  seq: { type: DataTypes.BIGINT, allowNull: false },
  key_id: { type: DataTypes.STRING, allowNull: false },
  hash: { type: DataTypes.STRING, allowNull: false },
  mac: { type: DataTypes.STRING, allowNull: false },
}

const INDEXES: [name: string, fields: string[]][] = [
  ['ix_audit_log_account_id', ['account_id', 'seq']],
  ['ix_audit_log_actor_id', ['actor_id', 'seq']],
  ['ix_audit_log_action', ['action', 'seq']],
  ['ix_audit_log_outcome', ['outcome', 'seq']],
  ['ix_audit_log_occurred_at', ['occurred_at']],
]

// The trigger on INSERT is for INSERT OR REPLACE, which removes a row without asking a trigger on DELETE.
const SQLITE_GUARDS = [
  `CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
   BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END`,
  `CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
   BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END`,
  `CREATE TRIGGER audit_log_in_order BEFORE INSERT ON audit_log
   WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_log)
   BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END`,
]

const POSTGRES_GUARDS = [
  `CREATE OR REPLACE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN RAISE EXCEPTION 'audit_log is append-only'; END $$`,
  `CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE ON audit_log
   FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_log()`,
  `CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_log()`,
]

/** What happened, in a chain of hashes to which entries are only ever added; `audit_head` is its newest link. */
export const createAuditLog: Migration = {
  name: '0009-create-audit-log',

  async check(schema) {
    for (const table of ['audit_log', 'audit_head'])
      if (await schema.tableExists(table))
        throw new AdoptionError(`There is a table ${table} that Aurelius did not make`)
  },

  async up(schema, transaction) {
    const { sequelize } = schema
    const dialect = sequelize.getDialect()
    await schema.createTable('audit_log', auditLog(dialect), { transaction })
    for (const [name, fields] of INDEXES) await schema.addIndex('audit_log', fields, { name, transaction })
    await schema.createTable('audit_head', AUDIT_HEAD, { transaction })
    await schema.bulkInsert('audit_head', [{ id: 'head', seq: 0, key_id: '', hash: FIRST_HASH, mac: '' }], {
      transaction,
    })
    for (const guard of dialect === 'sqlite' ? SQLITE_GUARDS : POSTGRES_GUARDS)
      await sequelize.query(guard, { transaction })
  },

  async down(schema, transaction) {
    await schema.dropTable('audit_head', { transaction })
    await schema.dropTable('audit_log', { transaction })
    if (schema.sequelize.getDialect() === 'postgres')
      await schema.sequelize.query('DROP FUNCTION refuse_change_of_audit_log()', { transaction })
  },
}
