import type { Transaction } from 'sequelize'
import type { NewBacktest, Reproducibility } from '../../../contracts/backtests'
import type { Database } from '../../db/database'
import { select } from '../../db/select'
import { fingerprint } from '../fingerprint'

export type RunInputs = Pick<
  NewBacktest,
  | ('strategy_id' | 'start_date' | 'end_date' | 'initial_capital' | 'currency' | 'instruments' | 'seed')
  | ('data_source' | 'data_fingerprint' | 'engine' | 'engine_version' | 'code_revision')
>

/**
 * SHA-256 of what a run is computed from, as canonical JSON (RFC 8785): equal inputs, equal fingerprint. What was not
 * stated is null, so a run that states more has another one. A period is stated with both of its ends: one alone is not
 * kept, and what is not kept could not be checked.
 */
export function inputFingerprint(input: RunInputs, parameters: unknown): string {
  const isPeriodStated = input.start_date !== undefined && input.end_date !== undefined
  const inputs = {
    strategy_id: input.strategy_id,
    parameters,
    start_date: isPeriodStated ? input.start_date : null,
    end_date: isPeriodStated ? input.end_date : null,
    initial_capital: input.initial_capital ?? null,
    currency: input.currency,
    instruments: input.instruments,
    seed: input.seed,
    data_source: input.data_source,
    data_fingerprint: input.data_fingerprint,
    engine: input.engine,
    engine_version: input.engine_version,
    code_revision: input.code_revision,
  }
  return fingerprint(inputs)
}

/** Holds a result against the first completed run with the same inputs. */
export async function holdAgainstFirst(
  database: Database,
  run: { id: string; strategyId: string; fingerprint: string },
  resultHash: string,
  transaction: Transaction,
): Promise<{ reproducibility: Reproducibility; firstRunId: string | null }> {
  const [first] = await select(
    database,
    `SELECT id, result_hash FROM backtests
     WHERE strategy_id = :strategyId AND fingerprint = :fingerprint AND status = 'completed' AND id <> :id
     ORDER BY completed_at, id LIMIT 1`,
    { id: run.id, strategyId: run.strategyId, fingerprint: run.fingerprint },
    transaction,
  )
  if (!first) return { reproducibility: 'first', firstRunId: null }
  return {
    reproducibility: first.result_hash === resultHash ? 'same' : 'different',
    firstRunId: String(first.id),
  }
}
