import { DataTypes, type Logging, type QueryInterface, type Transaction, type Transactionable } from 'sequelize'
import type { Migration } from './migration'

const ID = { type: DataTypes.STRING, primaryKey: true, allowNull: false }
const VERSION = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 }
const VALIDATIONS = {
  strategy_version: VERSION,
  author_id: DataTypes.STRING,
  backtest_id: DataTypes.STRING,
  source: { type: DataTypes.STRING, allowNull: false, defaultValue: 'adopted' },
  plan: DataTypes.TEXT,
  rule: DataTypes.TEXT,
  checks: DataTypes.TEXT,
  verdict: { type: DataTypes.STRING, allowNull: false, defaultValue: 'inconclusive' },
}
const GATE_RESULTS = {
  strategy_version: VERSION,
  author_id: DataTypes.STRING,
  policy_version: DataTypes.INTEGER,
  policy_hash: DataTypes.STRING,
  verdict: { type: DataTypes.STRING, allowNull: false, defaultValue: 'inconclusive' },
  evidence: DataTypes.TEXT,
}
const INDEXES: [table: string, name: string, fields: string[]][] = [
  ['validations', 'ix_validations_strategy_created', ['strategy_id', 'created_at', 'id']],
  ['gate_results', 'ix_gate_results_strategy_gate', ['strategy_id', 'gate_type', 'timestamp', 'id']],
]

/** What is recorded for ever: table, its key, when a row may no longer be changed, when it may not be deleted. */
const KEPT: [table: string, key: string[], noUpdate: string, noDelete: string, why: string][] = [
  [
    'gate_results',
    ['id'],
    'OLD.policy_version IS NOT NULL',
    'OLD.policy_version IS NOT NULL',
    'A gate result is for ever',
  ],
  ['gate_policies', ['gate', 'version'], 'OLD.version > 0', 'OLD.version > 0', 'A policy version is for ever'],
  ['promotions', ['id'], "OLD.status <> 'pending'", "OLD.status <> 'none'", 'A decision about a promotion is for ever'],
]

/** Validations and gate results learn what they were made from; policies have versions, and promotions a reviewer. */
export const addGates: Migration = {
  name: '0022-add-gates',

  async up(schema, transaction) {
    const inside: Transactionable & Logging = { transaction }
    const { id } = await schema.describeTable('strategies', inside)
    const run = (statement: string) => schema.sequelize.query(statement, { transaction })
    for (const [table, columns] of [
      ['validations', VALIDATIONS],
      ['gate_results', GATE_RESULTS],
    ] as const)
      for (const [column, definition] of Object.entries(columns))
        await schema.addColumn(table, column, definition, { transaction })
    await run(
      `UPDATE gate_results SET verdict = CASE WHEN passed THEN 'passed' ELSE 'failed' END WHERE passed IS NOT NULL`,
    )
    await fillTimes(schema, transaction)
    for (const [table, name, fields] of INDEXES) await schema.addIndex(table, fields, { name, transaction })

    await schema.createTable(
      'gate_policies',
      {
        gate: { ...ID },
        version: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
        document: { type: DataTypes.TEXT, allowNull: false },
        hash: { type: DataTypes.STRING, allowNull: false },
        note: { type: DataTypes.TEXT, allowNull: false },
        author_id: DataTypes.STRING,
        created_at: { type: DataTypes.DATE, allowNull: false },
      },
      { transaction },
    )
    await schema.createTable(
      'promotions',
      {
        id: ID,
        strategy_id: {
          type: id?.type === 'UUID' ? DataTypes.UUID : DataTypes.STRING,
          allowNull: false,
          references: { model: 'strategies', key: 'id' },
          onDelete: 'CASCADE',
        },
        strategy_version: { type: DataTypes.INTEGER, allowNull: false },
        from_stage: { type: DataTypes.STRING, allowNull: false },
        to_stage: { type: DataTypes.STRING, allowNull: false },
        gate_result_id: { type: DataTypes.STRING, allowNull: false },
        status: { type: DataTypes.STRING, allowNull: false },
        comment: { type: DataTypes.TEXT, allowNull: false },
        requested_by: DataTypes.STRING,
        requested_at: { type: DataTypes.DATE, allowNull: false },
        decided_by: DataTypes.STRING,
        decided_at: DataTypes.DATE,
        decision_comment: DataTypes.TEXT,
      },
      { transaction },
    )
    await schema.addIndex('promotions', ['strategy_id', 'requested_at'], {
      name: 'ix_promotions_strategy',
      transaction,
    })
    await schema.addIndex('promotions', ['status', 'requested_at'], { name: 'ix_promotions_status', transaction })
    for (const kept of KEPT) await keep(schema, transaction, kept)
  },

  async down(schema, transaction) {
    for (const [table] of KEPT) await letGo(schema, transaction, table)
    await schema.dropTable('promotions', { transaction })
    await schema.dropTable('gate_policies', { transaction })
    for (const [table, name] of INDEXES) await schema.removeIndex(table, name, { transaction })
    for (const [table, columns] of [
      ['gate_results', GATE_RESULTS],
      ['validations', VALIDATIONS],
    ] as const)
      for (const column of Object.keys(columns))
        await schema.sequelize.query(`ALTER TABLE ${table} DROP COLUMN ${column}`, { transaction })
  },
}

// Lists go by these instants, to the millisecond; another system may have left them empty.
async function fillTimes(schema: QueryInterface, transaction: Transaction): Promise<void> {
  const isPostgres = schema.sequelize.getDialect() === 'postgres'
  for (const [table, column] of [
    ['validations', 'created_at'],
    ['gate_results', 'timestamp'],
  ]) {
    const given = isPostgres ? `date_trunc('milliseconds', "${column}")` : `"${column}"`
    const now = isPostgres
      ? "date_trunc('milliseconds', CURRENT_TIMESTAMP)"
      : "strftime('%Y-%m-%d %H:%M:%f +00:00', 'now')"
    await schema.sequelize.query(`UPDATE ${table} SET "${column}" = COALESCE(${given}, ${now})`, { transaction })
  }
}

async function keep(
  { sequelize }: QueryInterface,
  transaction: Transaction,
  [table, key, noUpdate, noDelete, why]: (typeof KEPT)[number],
): Promise<void> {
  // INSERT OR REPLACE removes a row without asking a trigger on DELETE.
  const isThere = `EXISTS (SELECT 1 FROM ${table} WHERE ${key.map((column) => `${column} = NEW.${column}`).join(' AND ')})`
  const isSqlite = sequelize.getDialect() === 'sqlite'
  for (const [action, when] of [
    ['update', noUpdate],
    ['delete', noDelete],
    ...(isSqlite ? ([['insert', isThere]] as const) : []),
  ] as const) {
    const name = `${table}_no_${action}`
    if (isSqlite) {
      await sequelize.query(
        `CREATE TRIGGER ${name} BEFORE ${action.toUpperCase()} ON ${table} WHEN ${when}
         BEGIN SELECT RAISE(ABORT, '${why}'); END`,
        { transaction },
      )
      continue
    }
    await sequelize.query(
      `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${why}'; END $$`,
      { transaction },
    )
    await sequelize.query(
      `CREATE TRIGGER ${name} BEFORE ${action.toUpperCase()} ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION ${name}()`,
      { transaction },
    )
  }
}

async function letGo({ sequelize }: QueryInterface, transaction: Transaction, table: string): Promise<void> {
  const isSqlite = sequelize.getDialect() === 'sqlite'
  for (const action of ['update', 'delete', ...(isSqlite ? ['insert'] : [])]) {
    const name = `${table}_no_${action}`
    if (isSqlite) await sequelize.query(`DROP TRIGGER ${name}`, { transaction })
    else await sequelize.query(`DROP FUNCTION ${name}() CASCADE`, { transaction })
  }
}
