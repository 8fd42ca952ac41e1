import type { Transaction } from 'sequelize'
import type { Database } from '../../db/database'
import { select } from '../../db/select'
import type { TrialSummary } from '../../quant/significance'
import { numberOrNull } from '../columns'

/**
 * The trials of a strategy: its completed runs, of all versions. A run that was repeated with equal inputs and gave the
 * same result was not tried twice.
 */
export async function countTrials(
  database: Database,
  strategyId: string,
  transaction?: Transaction,
): Promise<TrialSummary> {
  const trials = "strategy_id = :strategyId AND status = 'completed' AND reproducibility <> 'same'"
  const [row] = await select(
    database,
    `SELECT count(*) AS count, count(sharpe_ratio) AS known, max(mean) AS mean,
       sum((sharpe_ratio - mean) * (sharpe_ratio - mean)) AS squares
     FROM backtests, (SELECT avg(sharpe_ratio) AS mean FROM backtests WHERE ${trials}) AS typical
     WHERE ${trials}`,
    { strategyId },
    transaction,
  )
  return {
    count: Number(row?.count),
    known: Number(row?.known),
    mean: numberOrNull(row?.mean) ?? 0,
    squares: numberOrNull(row?.squares) ?? 0,
  }
}
