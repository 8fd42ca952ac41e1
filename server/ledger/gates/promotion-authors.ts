import type { Transaction } from 'sequelize'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import { isObject, json } from '../columns'

/** Ids of the accounts that are authors of a promotion, by its id. */
export type Authors = Map<string, Set<string>>

/**
 * Whoever owns the strategy, made the version or asks for the promotion, and whoever recorded the backtest that the gate
 * judged or evaluated the gate.
 *
 * @param promotions rows with `strategy_owner`, `version_author` and what the table has
 */
export async function authorsOf(
  database: Database,
  promotions: readonly Row[],
  transaction?: Transaction,
): Promise<Authors> {
  const results = await byId('gate_results', 'author_id, evidence', promotions.map(judgedResult))
  const runs = await byId('backtests', 'author_id', [...results.values()].flatMap(judgedRun))
  return new Map(
    promotions.map((row) => {
      const result = results.get(judgedResult(row))
      const [run] = result ? judgedRun(result) : []
      const authors = [row.strategy_owner, row.version_author, row.requested_by, result?.author_id]
      if (run !== undefined) authors.push(runs.get(run)?.author_id)
      return [String(row.id), new Set(authors.filter((author) => typeof author === 'string'))]
    }),
  )

  async function byId(table: string, columns: string, ids: readonly string[]): Promise<Map<string, Row>> {
    if (ids.length === 0) return new Map()
    const rows = await select(database, `SELECT id, ${columns} FROM ${table} WHERE id IN (:ids)`, { ids }, transaction)
    return new Map(rows.map((row) => [String(row.id), row]))
  }
}

const judgedResult = (promotion: Row): string => String(promotion.gate_result_id)

function judgedRun({ evidence }: Row): string[] {
  const { backtest } = json(evidence, isObject, {})
  return isObject(backtest) ? [String(backtest.id)] : []
}
