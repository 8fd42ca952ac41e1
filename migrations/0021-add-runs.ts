import { DataTypes, type Logging, type Transactionable } from 'sequelize'
import { copyOf } from './create-or-adopt'
import type { Migration } from './migration'

const COUNT = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 }
const ADDED = {
  strategy_version: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 },
  workspace_id: DataTypes.STRING,
  author_id: DataTypes.STRING,
  label: DataTypes.STRING,
  is_period_stated: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: true },
  currency: { type: DataTypes.STRING, allowNull: false, defaultValue: 'USD' },
  data_fingerprint: DataTypes.STRING,
  engine: DataTypes.STRING,
  engine_version: DataTypes.STRING,
  code_revision: DataTypes.STRING,
  scoring: { type: DataTypes.TEXT, allowNull: false, defaultValue: '{}' },
  expected_points: DataTypes.INTEGER,
  point_count: COUNT,
  trade_count: COUNT,
  last_time: DataTypes.DOUBLE,
  progress: DataTypes.DOUBLE,
  fingerprint: DataTypes.STRING,
  result_hash: DataTypes.STRING,
  reproducibility: DataTypes.STRING,
  first_run_id: DataTypes.STRING,
  reported_metrics: DataTypes.TEXT,
  differences: DataTypes.TEXT,
  difference_count: COUNT,
  total_return: DataTypes.DOUBLE,
  cagr: DataTypes.DOUBLE,
  volatility: DataTypes.DOUBLE,
  sharpe_ratio: DataTypes.DOUBLE,
  max_drawdown: DataTypes.DOUBLE,
  last_seen_at: DataTypes.DATE,
}
const INDEXES = {
  ix_backtests_workspace_created: ['workspace_id', 'created_at', 'id'],
  ix_backtests_workspace_status: ['workspace_id', 'status', 'created_at', 'id'],
  ix_backtests_strategy_created: ['strategy_id', 'created_at', 'id'],
  ix_backtests_fingerprint: ['strategy_id', 'fingerprint'],
}

/** Runs learn their lineage, and their points and trades go into segments of bytes. */
export const addRuns: Migration = {
  name: '0021-add-runs',

  async up(schema, transaction) {
    const inside: Transactionable & Logging = { transaction }
    const { id } = await schema.describeTable('backtests', inside)
    const { id: ofStrategy } = await schema.describeTable('strategies', inside)
    const isPostgres = schema.sequelize.getDialect() === 'postgres'
    const run = (statement: string) => schema.sequelize.query(statement, { transaction })

    for (const [column, definition] of Object.entries(copyOf(ADDED)))
      await schema.addColumn('backtests', column, definition, { transaction })
    const rounded = isPostgres ? "date_trunc('milliseconds', created_at)" : 'created_at'
    const now = isPostgres
      ? "date_trunc('milliseconds', CURRENT_TIMESTAMP)"
      : "strftime('%Y-%m-%d %H:%M:%f +00:00', 'now')"
    await run(
      `UPDATE backtests SET created_at = COALESCE(${rounded}, ${now}),
         workspace_id = (SELECT workspace_id FROM strategies WHERE strategies.id = backtests.strategy_id)`,
    )
    for (const [name, fields] of Object.entries(INDEXES))
      await schema.addIndex('backtests', fields, { name, transaction })

    const ofBacktest = {
      type: id?.type === 'UUID' ? DataTypes.UUID : DataTypes.STRING,
      primaryKey: true,
      allowNull: false,
      references: { model: 'backtests', key: 'id' },
      onDelete: 'CASCADE',
    }
    await schema.createTable(
      'backtest_segments',
      {
        backtest_id: ofBacktest,
        kind: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
        first_index: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
        upload_id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
        count: { type: DataTypes.INTEGER, allowNull: false },
        first_time: { type: DataTypes.DOUBLE, allowNull: false },
        last_time: { type: DataTypes.DOUBLE, allowNull: false },
        overview: DataTypes.BLOB,
        data: { type: DataTypes.BLOB, allowNull: false },
      },
      { transaction },
    )
    await schema.createTable(
      'backtest_totals',
      {
        strategy_id: {
          type: ofStrategy?.type === 'UUID' ? DataTypes.UUID : DataTypes.STRING,
          primaryKey: true,
          allowNull: false,
          references: { model: 'strategies', key: 'id' },
          onDelete: 'CASCADE',
        },
        strategy_version: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
        status: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
        total: COUNT,
      },
      { transaction },
    )
    await run(
      `INSERT INTO backtest_totals (strategy_id, strategy_version, status, total)
       SELECT strategy_id, strategy_version, COALESCE(status, 'pending'), count(*) FROM backtests
       WHERE strategy_id IN (SELECT id FROM strategies) GROUP BY 1, 2, 3`,
    )
    await run(
      `UPDATE strategies SET
         backtest_count = (SELECT count(*) FROM backtests WHERE backtests.strategy_id = strategies.id),
         last_backtest_at = (SELECT max(created_at) FROM backtests WHERE backtests.strategy_id = strategies.id)`,
    )
    await schema.createTable(
      'idempotency_keys',
      {
        user_id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
        key: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
        request_hash: { type: DataTypes.STRING, allowNull: false },
        subject_id: { type: DataTypes.STRING, allowNull: false },
        created_at: { type: DataTypes.DATE, allowNull: false },
      },
      { transaction },
    )
    await schema.addIndex('idempotency_keys', ['created_at'], { name: 'ix_idempotency_keys_created_at', transaction })
  },

  async down(schema, transaction) {
    for (const table of ['idempotency_keys', 'backtest_totals', 'backtest_segments'])
      await schema.dropTable(table, { transaction })
    for (const name of Object.keys(INDEXES)) await schema.removeIndex('backtests', name, { transaction })
    for (const column of Object.keys(ADDED))
      await schema.sequelize.query(`ALTER TABLE backtests DROP COLUMN ${column}`, { transaction })
  },
}
