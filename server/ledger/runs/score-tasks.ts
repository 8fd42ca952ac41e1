import type { Trade } from '../../../contracts/backtests'
import type { ValidationWindow } from '../../../contracts/validations'
import { pictureReturns, type ReturnsPicture, type ReturnsTask } from './returns-task'
import { type Score, type ScoreTask, score } from './score'
import { createTradePages, type TradePageTask } from './trade-page'
import { cutCurve, type WalkForwardTask } from './walk-forward-task'

export type LedgerTask =
  | { kind: 'score'; task: ScoreTask }
  | { kind: 'walk_forward'; task: WalkForwardTask }
  | { kind: 'returns'; task: ReturnsTask }
  | { kind: 'trade_page'; task: TradePageTask }
export type TaskResult = Score | ValidationWindow[] | ReturnsPicture | Trade[] | null

/** Does tasks one after the other; for pages of trades it remembers those of the last run. */
export function createTaskRunner() {
  const tradePage = createTradePages()
  return ({ kind, task }: LedgerTask): TaskResult => {
    if (kind === 'score') return score(task)
    if (kind === 'trade_page') return tradePage(task)
    return kind === 'walk_forward' ? cutCurve(task) : pictureReturns(task)
  }
}
