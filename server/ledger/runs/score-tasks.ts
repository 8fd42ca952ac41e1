import type { ValidationWindow } from '../../../contracts/validations'
import { pictureReturns, type ReturnsPicture, type ReturnsTask } from './returns-task'
import { type Score, type ScoreTask, score } from './score'
import { cutCurve, type WalkForwardTask } from './walk-forward-task'

export type LedgerTask =
  | { kind: 'score'; task: ScoreTask }
  | { kind: 'walk_forward'; task: WalkForwardTask }
  | { kind: 'returns'; task: ReturnsTask }
export type TaskResult = Score | ValidationWindow[] | ReturnsPicture

export function runTask({ kind, task }: LedgerTask): TaskResult {
  if (kind === 'score') return score(task)
  return kind === 'walk_forward' ? cutCurve(task) : pictureReturns(task)
}
