import { DataTypes, literal } from 'sequelize'
import { type Columns, checkAdoptable, createOrAdopt, ensureIndex } from './create-or-adopt'
import type { Migration } from './migration'

const id = { type: DataTypes.STRING, primaryKey: true, allowNull: false }
const strategyId = {
  type: DataTypes.STRING,
  allowNull: false,
  references: { model: 'strategies', key: 'id' },
  onDelete: 'CASCADE',
}
const now = literal('CURRENT_TIMESTAMP')

/** Parents before what hangs on them. */
const TABLES: Record<string, Columns> = {
  strategies: {
    id,
    name: { type: DataTypes.STRING, allowNull: false },
    description: { type: DataTypes.TEXT },
    strategy_type: { type: DataTypes.STRING, allowNull: false },
    confidence: { type: DataTypes.DOUBLE },
    parameters: { type: DataTypes.JSON },
    status: { type: DataTypes.STRING },
    created_at: { type: DataTypes.DATE, defaultValue: now },
    updated_at: { type: DataTypes.DATE },
  },
  backtests: {
    id,
    strategy_id: strategyId,
    start_date: { type: DataTypes.DATEONLY, allowNull: false },
    end_date: { type: DataTypes.DATEONLY, allowNull: false },
    initial_capital: { type: DataTypes.DOUBLE, allowNull: false },
    instruments: { type: DataTypes.JSON },
    seed: { type: DataTypes.INTEGER, defaultValue: 42 },
    data_source: { type: DataTypes.STRING, defaultValue: 'default' },
    status: { type: DataTypes.STRING, defaultValue: 'pending' },
    error_message: { type: DataTypes.TEXT },
    metrics: { type: DataTypes.JSON },
    trades: { type: DataTypes.JSON },
    equity_curve: { type: DataTypes.JSON },
    created_at: { type: DataTypes.DATE, defaultValue: now },
    completed_at: { type: DataTypes.DATE },
    duration_seconds: { type: DataTypes.DOUBLE },
  },
  validations: {
    id,
    strategy_id: strategyId,
    start_date: { type: DataTypes.DATEONLY, allowNull: false },
    end_date: { type: DataTypes.DATEONLY, allowNull: false },
    window_size_days: { type: DataTypes.INTEGER, allowNull: false },
    train_size_days: { type: DataTypes.INTEGER, allowNull: false },
    initial_capital: { type: DataTypes.DOUBLE, allowNull: false },
    status: { type: DataTypes.STRING, defaultValue: 'pending' },
    error_message: { type: DataTypes.TEXT },
    windows: { type: DataTypes.JSON },
    metrics: { type: DataTypes.JSON },
    num_windows: { type: DataTypes.INTEGER },
    avg_train_sharpe: { type: DataTypes.DOUBLE },
    avg_test_sharpe: { type: DataTypes.DOUBLE },
    avg_degradation: { type: DataTypes.DOUBLE },
    stability_score: { type: DataTypes.DOUBLE },
    passed: { type: DataTypes.BOOLEAN },
    created_at: { type: DataTypes.DATE, defaultValue: now },
    completed_at: { type: DataTypes.DATE },
    duration_seconds: { type: DataTypes.DOUBLE },
  },
  gate_results: {
    id,
    strategy_id: strategyId,
    gate_type: { type: DataTypes.STRING, allowNull: false },
    passed: { type: DataTypes.BOOLEAN, allowNull: false },
    timestamp: { type: DataTypes.DATE, defaultValue: now },
    results: { type: DataTypes.JSON },
    production_ready: { type: DataTypes.BOOLEAN },
    recommendation: { type: DataTypes.TEXT },
  },
}

const INDEXES: [table: string, name: string, fields: string[]][] = [
  ['backtests', 'ix_backtests_strategy_id', ['strategy_id']],
  ['backtests', 'ix_backtests_status', ['status']],
  ['backtests', 'ix_backtests_strategy_id_created_at', ['strategy_id', 'created_at']],
  ['validations', 'ix_validations_strategy_id', ['strategy_id']],
  ['gate_results', 'ix_gate_results_strategy_id', ['strategy_id']],
]

/** strategies, backtests, validations and gate_results: the first migration of the Python system. */
export const createLedger: Migration = {
  name: '0001-create-ledger',

  async check(schema) {
    for (const [table, columns] of Object.entries(TABLES)) await checkAdoptable(schema, table, columns)
  },

  async up(schema, transaction) {
    for (const [table, columns] of Object.entries(TABLES)) await createOrAdopt(schema, transaction, table, columns)
    for (const [table, name, fields] of INDEXES) await ensureIndex(schema, transaction, table, name, fields)
  },

  async down(schema, transaction) {
    for (const table of Object.keys(TABLES).reverse()) await schema.dropTable(table, { transaction })
  },
}
