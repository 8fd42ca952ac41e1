export type Verdict = 'passed' | 'failed' | 'inconclusive'
export type Operator = 'at_least' | 'at_most' | 'above' | 'below' | 'is'

export interface Rule<Fact extends string> {
  id: string
  /** What the rule asks of the evidence. */
  fact: Fact
  operator: Operator
  threshold: number | boolean
}

/** What is known; a fact that is missing or null is not. */
export type Evidence<Fact extends string> = { readonly [Name in Fact]?: number | boolean | null | undefined }

export interface Check<Fact extends string> extends Rule<Fact> {
  /** The evidence as it was found; null where there was none. */
  value: number | boolean | null
  verdict: Verdict
}

export interface Evaluation<Fact extends string> {
  checks: Check<Fact>[]
  verdict: Verdict
}

/**
 * Holds evidence against rules. A rule whose evidence is missing, no finite number or of another kind than its threshold
 * is inconclusive. All fail if one fails; else one inconclusive check leaves all inconclusive; no rules at all are no
 * reason to pass.
 */
export function evaluatePolicy<Fact extends string>(
  policy: { rules: readonly Rule<Fact>[] },
  evidence: Evidence<Fact>,
): Evaluation<Fact> {
  const checks = policy.rules.map(({ id, fact, operator, threshold }) => {
    const value = Object.hasOwn(evidence, fact) ? (evidence[fact] ?? null) : null
    return { id, fact, operator, threshold, value, verdict: verdictOf(value, operator, threshold) }
  })
  return { checks, verdict: verdictOfAll(checks.map(({ verdict }) => verdict)) }
}

function verdictOf(value: unknown, operator: Operator, threshold: number | boolean): Verdict {
  if (operator === 'is') {
    if (typeof value !== 'boolean' || typeof threshold !== 'boolean') return 'inconclusive'
    return value === threshold ? 'passed' : 'failed'
  }
  if (!isFigure(value) || !isFigure(threshold)) return 'inconclusive'
  return holds(value, operator, threshold) ? 'passed' : 'failed'
}

function isFigure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function holds(value: number, operator: Exclude<Operator, 'is'>, threshold: number): boolean {
  if (operator === 'at_least') return value >= threshold
  if (operator === 'at_most') return value <= threshold
  return operator === 'above' ? value > threshold : value < threshold
}

function verdictOfAll(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('failed')) return 'failed'
  return verdicts.length === 0 || verdicts.includes('inconclusive') ? 'inconclusive' : 'passed'
}
