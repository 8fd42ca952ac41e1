import { type Check, type Evidence, evaluatePolicy, type Rule, type Verdict } from './gate'
import { degradation } from './walk-forward'

/** What a validation says as a whole, whoever cut its windows. */
export interface ValidationSummary {
  windowCount: number
  /** Means over the windows; null where one of them is undefined. */
  inSampleSharpe: number | null
  outOfSampleSharpe: number | null
  /** Of the two means. */
  degradation: number | null
  /** Share of the windows whose out-of-sample Sharpe ratio is above 0; null where one of them is undefined. */
  stability: number | null
}

/** A validation passes if all of these hold; one that is not given does not count, and a number of windows is not enough. */
export interface ValidationRule {
  minWindows: number
  minOutOfSampleSharpe?: number | undefined
  maxDegradation?: number | undefined
  minStability?: number | undefined
}

export type SummaryFact = keyof ValidationSummary

export interface WindowSharpes {
  inSampleSharpe: number | null
  outOfSampleSharpe: number | null
}

export function summariseWindows(windows: readonly WindowSharpes[]): ValidationSummary {
  const inSampleSharpe = meanOf(windows.map((window) => window.inSampleSharpe))
  const outOfSampleSharpe = meanOf(windows.map((window) => window.outOfSampleSharpe))
  const good = windows.filter((window) => (window.outOfSampleSharpe ?? 0) > 0)
  const isKnown = windows.length > 0 && outOfSampleSharpe !== null
  return {
    windowCount: windows.length,
    inSampleSharpe,
    outOfSampleSharpe,
    degradation: degradation(inSampleSharpe, outOfSampleSharpe),
    stability: isKnown ? good.length / windows.length : null,
  }
}

/** What may be judged of a validation: nothing where a window is without figures, not even how many there are. */
export function judgedFigures(summary: ValidationSummary): Evidence<SummaryFact> {
  return summary.inSampleSharpe === null || summary.outOfSampleSharpe === null ? {} : { ...summary }
}

/**
 * Holds a summary against the stated rule. What is undefined leaves it inconclusive, and so does a rule that asks for no
 * figure of the windows: nothing was asked, so nothing is passed.
 */
export function judgeValidation(
  summary: ValidationSummary,
  rule: ValidationRule,
): { checks: Check<SummaryFact>[]; verdict: Verdict } {
  const rules: Rule<SummaryFact>[] = [
    { id: 'windows', fact: 'windowCount', operator: 'at_least', threshold: rule.minWindows },
  ]
  const add = (id: string, fact: SummaryFact, operator: 'at_least' | 'at_most', threshold: number | undefined) => {
    if (threshold !== undefined) rules.push({ id, fact, operator, threshold })
  }
  add('out_of_sample', 'outOfSampleSharpe', 'at_least', rule.minOutOfSampleSharpe)
  add('degradation', 'degradation', 'at_most', rule.maxDegradation)
  add('stability', 'stability', 'at_least', rule.minStability)
  const { checks, verdict } = evaluatePolicy({ rules }, judgedFigures(summary))
  return { checks, verdict: verdict === 'passed' && rules.length === 1 ? 'inconclusive' : verdict }
}

function meanOf(figures: readonly (number | null)[]): number | null {
  if (figures.length === 0) return null
  let sum = 0
  for (const figure of figures) {
    if (figure === null) return null
    sum += figure
  }
  return sum / figures.length
}
