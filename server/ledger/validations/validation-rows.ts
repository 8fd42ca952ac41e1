import type { Validation, ValidationDetail } from '../../../contracts/validations'
import { validationRule, walkForwardPlan } from '../../../contracts/validations'
import type { Row } from '../../db/select'
import { dayOrNull, instant, json, nameOf, numberOrNull, textOrNull } from '../columns'

export const VALIDATION_COLUMNS = `validations.id, validations.strategy_id, validations.strategy_version,
  validations.author_id, validations.backtest_id, validations.source, validations.start_date, validations.end_date,
  validations.num_windows, validations.avg_train_sharpe, validations.avg_test_sharpe, validations.avg_degradation,
  validations.stability_score, validations.verdict, validations.created_at`

/** Another system's figures are not shown: they were not computed from evidence that is kept here. */
export function toValidation(row: Row): Validation {
  const source = String(row.source) as Validation['source']
  const figure = (stored: unknown) => (source === 'adopted' ? null : numberOrNull(stored))
  return {
    id: String(row.id),
    strategy_id: String(row.strategy_id),
    strategy_version: Number(row.strategy_version),
    workspace_id: String(row.workspace_id),
    author_id: textOrNull(row.author_id),
    author_name: nameOf(row.author_id, row.author_name),
    backtest_id: textOrNull(row.backtest_id),
    source,
    start_date: dayOrNull(row.start_date),
    end_date: dayOrNull(row.end_date),
    window_count: source === 'adopted' ? 0 : Number(row.num_windows ?? 0),
    in_sample_sharpe: figure(row.avg_train_sharpe),
    out_of_sample_sharpe: figure(row.avg_test_sharpe),
    degradation: figure(row.avg_degradation),
    stability: figure(row.stability_score),
    verdict: source === 'adopted' ? 'inconclusive' : (String(row.verdict) as Validation['verdict']),
    created_at: instant(row.created_at),
  }
}

export function toValidationDetail(row: Row): ValidationDetail {
  const isPlan = (value: unknown): value is ValidationDetail['plan'] => walkForwardPlan.safeParse(value).success
  const isChecks = (value: unknown): value is ValidationDetail['checks'] => Array.isArray(value)
  return {
    ...toValidation(row),
    plan: json(row.plan, isPlan, null),
    checks: json(row.checks, isChecks, []),
    ...windowsAndRule(row),
  }
}

/** What a validation was judged from. */
export function windowsAndRule({ source, windows, rule }: Row): Pick<ValidationDetail, 'windows' | 'rule'> {
  const isRule = (value: unknown): value is ValidationDetail['rule'] => validationRule.safeParse(value).success
  const isWindows = (value: unknown): value is ValidationDetail['windows'] =>
    source !== 'adopted' && Array.isArray(value)
  return { rule: json(rule, isRule, { min_windows: 1 }), windows: json(windows, isWindows, []) }
}
