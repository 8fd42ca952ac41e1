import type { Backtest, BacktestStatus } from '../../contracts/backtests'
import styles from './ledger.module.css'

const WORDS: Record<BacktestStatus, string> = {
  pending: 'Waiting',
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
}

export function RunStatus({ status, progress }: Pick<Backtest, 'status' | 'progress'>) {
  const share = status === 'running' && progress !== null ? ` ${Math.floor(progress * 100)} %` : ''
  return (
    <span className={styles.status} data-status={status}>
      {WORDS[status]}
      {share}
    </span>
  )
}

const REPRODUCED = {
  first: 'First run of these inputs',
  same: 'Same result as the first run',
  different: 'Different from the first run',
} as const

/** How a run compares with the first one of equal inputs. */
export function Reproduced({ run }: { run: Pick<Backtest, 'reproducibility'> }) {
  if (run.reproducibility === null) return null
  return (
    <span className={styles.status} data-status={run.reproducibility}>
      {REPRODUCED[run.reproducibility]}
    </span>
  )
}
