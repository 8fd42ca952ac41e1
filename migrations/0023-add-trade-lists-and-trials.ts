import { DataTypes } from 'sequelize'
import type { Migration } from './migration'

/** A run without trades is told from one whose trades nobody sent, and the trials of a strategy are counted quickly. */
export const addTradeListsAndTrials: Migration = {
  name: '0023-add-trade-lists-and-trials',

  async up(schema, transaction) {
    const isStated = { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false }
    await schema.addColumn('backtests', 'has_trade_list', isStated, { transaction })
    await schema.sequelize.query('UPDATE backtests SET has_trade_list = TRUE WHERE trade_count > 0', { transaction })
    await schema.sequelize.query(
      `CREATE INDEX ix_backtests_trials ON backtests (strategy_id, sharpe_ratio)
       WHERE status = 'completed' AND reproducibility <> 'same'`,
      { transaction },
    )
  },

  async down(schema, transaction) {
    await schema.removeIndex('backtests', 'ix_backtests_trials', { transaction })
    await schema.sequelize.query('ALTER TABLE backtests DROP COLUMN has_trade_list', { transaction })
  },
}
