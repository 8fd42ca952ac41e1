import type { ValidationWindow } from '../../../contracts/validations'
import { type Score, type ScoreTask, score } from './score'
import { cutCurve, type WalkForwardTask } from './walk-forward-task'

export type LedgerTask = { kind: 'score'; task: ScoreTask } | { kind: 'walk_forward'; task: WalkForwardTask }
export type TaskResult = Score | ValidationWindow[]

export function runTask({ kind, task }: LedgerTask): TaskResult {
  return kind === 'score' ? score(task) : cutCurve(task)
}
