import type { Backtest } from '../../contracts/backtests'
import { utcMoment } from './format'

/** What a run is called where its strategy is named beside it. */
export function runName({ label, created_at }: Pick<Backtest, 'label' | 'created_at'>): string {
  return label ?? `Run of ${utcMoment(created_at)}`
}
