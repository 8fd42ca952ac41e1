import type { Backtest, BacktestStatus, Reproducibility } from '../../contracts/backtests'
import { Badge } from '../ui/badge'

const STATUSES = {
  pending: { word: 'Waiting', tone: 'waiting' },
  running: { word: 'Running', tone: 'waiting' },
  completed: { word: 'Completed', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
} as const satisfies Record<BacktestStatus, object>

export function RunStatus({ status, progress }: Pick<Backtest, 'status' | 'progress'>) {
  const { word, tone } = STATUSES[status]
  const share = status === 'running' && progress !== null ? ` ${Math.floor(progress * 100)} %` : ''
  return (
    <Badge tone={tone}>
      {word}
      {share}
    </Badge>
  )
}

const REPRODUCED = {
  first: { words: 'First run of these inputs', tone: 'plain' },
  same: { words: 'Same result as the first run', tone: 'good' },
  different: { words: 'Different from the first run', tone: 'bad' },
} as const satisfies Record<Reproducibility, object>

/** How a run compares with the first one of equal inputs. */
export function Reproduced({ run }: { run: Pick<Backtest, 'reproducibility'> }) {
  if (run.reproducibility === null) return null
  const { words, tone } = REPRODUCED[run.reproducibility]
  return <Badge tone={tone}>{words}</Badge>
}
