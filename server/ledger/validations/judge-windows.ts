import type { ValidationRule, ValidationWindow } from '../../../contracts/validations'
import { judgeValidation, summariseWindows } from '../../quant/validation'

/** Sums windows up and holds them against a rule, both in the names of the wire. */
export function judgeWindows(windows: readonly ValidationWindow[], rule: ValidationRule) {
  const summary = summariseWindows(
    windows.map(({ in_sample, out_of_sample }) => ({
      inSampleSharpe: in_sample.sharpe_ratio,
      outOfSampleSharpe: out_of_sample.sharpe_ratio,
    })),
  )
  const { checks, verdict } = judgeValidation(summary, {
    minWindows: rule.min_windows,
    minOutOfSampleSharpe: rule.min_out_of_sample_sharpe,
    maxDegradation: rule.max_degradation,
    minStability: rule.min_stability,
  })
  return { summary, checks, verdict }
}
