import type { Transaction } from 'sequelize'
import type { Fact, GateName, Verdict } from '../../../contracts/gate-policy'
import type { GateEvaluation, GateEvidence } from '../../../contracts/gates'
import type { MetricFigures, Metrics, MetricTrials } from '../../../contracts/metrics'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import { ValidationError } from '../../errors'
import type { Evidence } from '../../quant/gate'
import { judgedFigures } from '../../quant/validation'
import { isObject, json } from '../columns'
import { fingerprint } from '../fingerprint'
import { countTrials } from '../runs/count-trials'
import { readMetrics } from '../runs/run-rows'
import { statedTrials, trialsFor, withTrials } from '../runs/trials'
import { judgeWindows } from '../validations/judge-windows'
import { windowsAndRule } from '../validations/validation-rows'
import { figuresAgree, reportedFigures } from './reported-figures'

export interface GatheredEvidence {
  facts: Evidence<Fact>
  evidence: GateEvidence
}

/** Which version of which strategy, and which of its evidence where not the newest. */
export interface Wanted extends GateEvaluation {
  strategyId: string
  strategyVersion: number
}

/**
 * Gathers what is known of a strategy version. Only its own evidence counts: of another version or another strategy
 * there is none. What was never recorded stays unknown.
 *
 * @throws {ValidationError} a named backtest or validation is not the strategy version's own, or is not complete
 */
export async function gatherEvidence(
  database: Database,
  wanted: Wanted,
  transaction?: Transaction,
): Promise<GatheredEvidence> {
  const { strategyId, strategyVersion } = wanted
  const own = { strategyId, strategyVersion }
  const find = async (table: string, columns: string, condition: string, named: string | undefined, field: string) => {
    const [row] = await select(
      database,
      `SELECT ${columns} FROM ${table} WHERE strategy_id = :strategyId AND strategy_version = :strategyVersion
         AND ${condition} ${named === undefined ? '' : 'AND id = :named'}
       ORDER BY created_at DESC, id DESC LIMIT 1`,
      { ...own, named },
      transaction,
    )
    if (row || named === undefined) return row
    const message = 'This strategy version has no such evidence: only what was recorded for it counts.'
    throw new ValidationError([{ field, message, code: 'not_own_evidence' }])
  }
  const backtest = await find(
    'backtests',
    'id, fingerprint, result_hash, metrics, scoring, data_fingerprint, code_revision, reported_metrics, difference_count',
    "status = 'completed' AND result_hash IS NOT NULL",
    wanted.backtest_id,
    'backtest_id',
  )
  const validation = await find(
    'validations',
    'id, source, backtest_id, windows, rule, verdict',
    "source <> 'adopted'",
    wanted.validation_id,
    'validation_id',
  )
  const metrics = readMetrics(backtest?.metrics)
  const trials =
    metrics && trialsFor(statedTrials(backtest?.scoring), await countTrials(database, strategyId, transaction))
  const gates = await newestGates(database, own, transaction)
  return {
    facts: {
      ...(backtest
        ? backtestFacts(
            backtest,
            figuresOf(metrics, trials),
            await isReproduced(database, strategyId, backtest, transaction),
          )
        : {}),
      ...(validation ? validationFacts(validation) : {}),
      ...gateFacts(gates),
    },
    evidence: {
      backtest: backtest
        ? {
            id: String(backtest.id),
            fingerprint: String(backtest.fingerprint),
            result_hash: String(backtest.result_hash),
            trials,
            basis: metrics && basisOf(metrics),
            reported: reportedFigures(backtest),
          }
        : null,
      validation: validation ? { id: String(validation.id), hash: validationHash(validation) } : null,
      gate_results: gates,
    },
  }
}

/** SHA-256 of what a validation says, as canonical JSON. */
export function validationHash(row: Row): string {
  const parsed = (stored: unknown): unknown => (typeof stored === 'string' ? JSON.parse(stored) : stored)
  return fingerprint({ windows: parsed(row.windows), rule: parsed(row.rule), verdict: row.verdict })
}

/** The figures of a run; it may have been completed before most of the trials that it was chosen from. */
function figuresOf(metrics: Metrics | null, trials: MetricTrials | null): Partial<MetricFigures> {
  return metrics && trials ? withTrials(metrics, trials).figures : {}
}

export function backtestFacts(row: Row, figures: Partial<MetricFigures>, reproduced: boolean | null): Evidence<Fact> {
  return {
    ...Object.fromEntries(Object.entries(figures).map(([name, figure]) => [`backtest.${name}`, figure])),
    'hygiene.data_fingerprint_known': row.data_fingerprint !== null,
    'hygiene.code_revision_known': row.code_revision !== null,
    'hygiene.reproduced': reproduced,
    'hygiene.figures_agree': figuresAgree(row),
  }
}

/** What the script could choose of how its figures are computed. */
export function basisOf({ basis: { trials, ...chosen } }: Metrics): NonNullable<GateEvidence['backtest']>['basis'] {
  return chosen
}

/**
 * Whether all runs with equal inputs gave the same result; `null` for a run that was not repeated. The same curve that is
 * scored in another way is no repetition.
 */
async function isReproduced(
  database: Database,
  strategyId: string,
  { fingerprint: inputs, result_hash, scoring }: Row,
  transaction?: Transaction,
): Promise<boolean | null> {
  const rows = await select(
    database,
    `SELECT result_hash, scoring, count(*) AS runs FROM backtests
     WHERE strategy_id = :strategyId AND fingerprint = :inputs AND status = 'completed'
     GROUP BY result_hash, scoring`,
    { strategyId, inputs },
    transaction,
  )
  if (rows.some((row) => row.result_hash !== result_hash)) return false
  const wanted = scoredWith(scoring)
  const same = rows.filter((row) => scoredWith(row.scoring) === wanted)
  return same.reduce((sum, { runs }) => sum + Number(runs), 0) > 1 ? true : null
}

/** How a run asked to be scored; what it left out is what it is scored with then. */
export function scoredWith(stored: unknown): string {
  const { periods_per_year = null, risk_free_rate = 0, day_start_minutes = 0 } = json(stored, isObject, {})
  return JSON.stringify([periods_per_year, risk_free_rate, day_start_minutes])
}

/** Judged again from its windows: what an earlier version of the program called passed may not be a pass any more. */
export function validationFacts(row: Row): Evidence<Fact> {
  const { windows, rule } = windowsAndRule(row)
  const { summary, verdict } = judgeWindows(windows, rule)
  const judged = judgedFigures(summary)
  return {
    'validation.window_count': judged.windowCount,
    'validation.in_sample_sharpe': judged.inSampleSharpe,
    'validation.out_of_sample_sharpe': judged.outOfSampleSharpe,
    'validation.degradation': judged.degradation,
    'validation.stability': judged.stability,
    'validation.passed': verdict === 'inconclusive' ? null : verdict === 'passed',
  }
}

/** The newest evaluation of each gate for a strategy version. */
async function newestGates(
  database: Database,
  own: { strategyId: string; strategyVersion: number },
  transaction?: Transaction,
): Promise<GateEvidence['gate_results']> {
  const rows = await select(
    database,
    `SELECT id, gate_type, verdict FROM gate_results
     WHERE strategy_id = :strategyId AND strategy_version = :strategyVersion AND policy_version IS NOT NULL
     ORDER BY timestamp, id`,
    own,
    transaction,
  )
  const newest = new Map(rows.map((row) => [String(row.gate_type) as GateName, row]))
  return [...newest].map(([gate, row]) => ({ id: String(row.id), gate, verdict: String(row.verdict) as Verdict }))
}

export function gateFacts(gates: GateEvidence['gate_results']): Evidence<Fact> {
  const passed = (gate: GateName): boolean | null => {
    const result = gates.find((one) => one.gate === gate)
    return result ? result.verdict === 'passed' : null
  }
  return { 'gate.dev_passed': passed('dev'), 'gate.crv_passed': passed('crv') }
}
