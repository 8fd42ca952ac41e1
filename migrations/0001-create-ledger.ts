import { DataTypes, literal, type QueryInterface, type Transaction } from 'sequelize'
import { addIndexIfMissing, createOrAdopt } from './create-or-adopt'
import type { Migration } from './migration'

const id = { type: DataTypes.STRING, primaryKey: true, allowNull: false }
const strategyId = {
  type: DataTypes.STRING,
  allowNull: false,
  references: { model: 'strategies', key: 'id' },
  onDelete: 'CASCADE',
}
const now = literal('CURRENT_TIMESTAMP')

/** strategies, backtests, validations and gate_results: the first migration of the Python system. */
export const createLedger: Migration = {
  name: '0001-create-ledger',

  async up(schema: QueryInterface, transaction: Transaction) {
    await createOrAdopt(schema, transaction, 'strategies', {
      id,
      name: { type: DataTypes.STRING, allowNull: false },
      description: DataTypes.TEXT,
      strategy_type: { type: DataTypes.STRING, allowNull: false },
      confidence: DataTypes.DOUBLE,
      parameters: DataTypes.JSON,
      status: DataTypes.STRING,
      created_at: { type: DataTypes.DATE, defaultValue: now },
      updated_at: DataTypes.DATE,
    })
    await createOrAdopt(schema, transaction, 'backtests', {
      id,
      strategy_id: strategyId,
      start_date: { type: DataTypes.DATEONLY, allowNull: false },
      end_date: { type: DataTypes.DATEONLY, allowNull: false },
      initial_capital: { type: DataTypes.DOUBLE, allowNull: false },
      instruments: DataTypes.JSON,
      seed: { type: DataTypes.INTEGER, defaultValue: 42 },
      data_source: { type: DataTypes.STRING, defaultValue: 'default' },
      status: { type: DataTypes.STRING, defaultValue: 'pending' },
      error_message: DataTypes.TEXT,
      metrics: DataTypes.JSON,
      trades: DataTypes.JSON,
      equity_curve: DataTypes.JSON,
      created_at: { type: DataTypes.DATE, defaultValue: now },
      completed_at: DataTypes.DATE,
      duration_seconds: DataTypes.DOUBLE,
    })
    await addIndexIfMissing(schema, transaction, 'backtests', 'ix_backtests_strategy_id', ['strategy_id'])
    await addIndexIfMissing(schema, transaction, 'backtests', 'ix_backtests_status', ['status'])
    await addIndexIfMissing(schema, transaction, 'backtests', 'ix_backtests_strategy_id_created_at', [
      'strategy_id',
      'created_at',
    ])
    await createOrAdopt(schema, transaction, 'validations', {
      id,
      strategy_id: strategyId,
      start_date: { type: DataTypes.DATEONLY, allowNull: false },
      end_date: { type: DataTypes.DATEONLY, allowNull: false },
      window_size_days: { type: DataTypes.INTEGER, allowNull: false },
      train_size_days: { type: DataTypes.INTEGER, allowNull: false },
      initial_capital: { type: DataTypes.DOUBLE, allowNull: false },
      status: { type: DataTypes.STRING, defaultValue: 'pending' },
      error_message: DataTypes.TEXT,
      windows: DataTypes.JSON,
      metrics: DataTypes.JSON,
      num_windows: DataTypes.INTEGER,
      avg_train_sharpe: DataTypes.DOUBLE,
      avg_test_sharpe: DataTypes.DOUBLE,
      avg_degradation: DataTypes.DOUBLE,
      stability_score: DataTypes.DOUBLE,
      passed: DataTypes.BOOLEAN,
      created_at: { type: DataTypes.DATE, defaultValue: now },
      completed_at: DataTypes.DATE,
      duration_seconds: DataTypes.DOUBLE,
    })
    await addIndexIfMissing(schema, transaction, 'validations', 'ix_validations_strategy_id', ['strategy_id'])
    await createOrAdopt(schema, transaction, 'gate_results', {
      id,
      strategy_id: strategyId,
      gate_type: { type: DataTypes.STRING, allowNull: false },
      passed: { type: DataTypes.BOOLEAN, allowNull: false },
      timestamp: { type: DataTypes.DATE, defaultValue: now },
      results: DataTypes.JSON,
      production_ready: DataTypes.BOOLEAN,
      recommendation: DataTypes.TEXT,
    })
    await addIndexIfMissing(schema, transaction, 'gate_results', 'ix_gate_results_strategy_id', ['strategy_id'])
  },

  async down(schema, transaction) {
    for (const table of ['gate_results', 'validations', 'backtests', 'strategies'])
      await schema.dropTable(table, { transaction })
  },
}
