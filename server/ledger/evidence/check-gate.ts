import type { Fact } from '../../../contracts/gate-policy'
import { type GateResult, policyVersion } from '../../../contracts/gates'
import { type Evidence, evaluatePolicy } from '../../quant/gate'
import { fingerprint } from '../fingerprint'
import { backtestFacts, basisOf, gateFacts, validationFacts } from '../gates/evidence'
import { reportedFigures } from '../gates/reported-figures'
import { withTrials } from '../runs/trials'
import type { Archive } from './archive'
import { reproducedAt, wereTrials } from './check-lineage'
import { isClose, isSame } from './same'

/** One sentence for each thing in a gate result that does not follow from its policy and the evidence in the archive. */
export function checkGate(result: GateResult, archive: Archive): string[] {
  const { strategy_version, evidence } = result
  if (result.policy_version === null)
    return result.checks.length === 0 && result.policy_hash === null && !evidence.backtest && !evidence.validation
      ? []
      : ["Another system's gate result shows no checks."]
  const policy = archive.read(`policies/${result.gate}-${result.policy_version}.json`, policyVersion)
  if (!policy) return ['Its policy is not in the archive.']
  if (
    fingerprint(policy.policy) !== policy.hash ||
    policy.hash !== result.policy_hash ||
    policy.gate !== result.gate ||
    policy.policy.gate !== result.gate ||
    policy.version !== result.policy_version
  )
    return ['The policy is not the one this gate was evaluated by.']

  const run = evidence.backtest && archive.backtests.get(evidence.backtest.id)
  if (
    evidence.backtest &&
    (run?.result_hash !== evidence.backtest.result_hash ||
      run.fingerprint !== evidence.backtest.fingerprint ||
      run.strategy_version !== strategy_version)
  )
    return ['The backtest it refers to is not in the archive as it was.']
  const validation = evidence.validation && archive.validations.get(evidence.validation.id)
  if (
    evidence.validation &&
    (validation?.strategy_version !== strategy_version || hashOf(validation) !== evidence.validation.hash)
  )
    return ['The validation it refers to is not in the archive as it was.']

  const messages: string[] = []
  const trials = evidence.backtest?.trials ?? null
  if (run && !wereTrials(archive.backtests.values(), run, result.created_at, trials))
    messages.push('The trials are not the runs that were completed by then.')
  if (run && !isSame(evidence.backtest?.reported, reportedFigures({ ...run })))
    messages.push("How many of the script's own figures agree does not follow from the backtest.")
  if (run && evidence.backtest?.basis && !isSame(evidence.backtest.basis, run.metrics && basisOf(run.metrics)))
    messages.push('The backtest it refers to was not scored as it says.')
  if (!knewNewest(result, archive)) messages.push('The gate results it refers to are not those of that moment.')

  const { metrics } = run ?? {}
  const { figures = {} } = (metrics && trials ? withTrials(metrics, trials) : metrics) ?? {}
  const reproduced = run ? reproducedAt(archive.backtests.values(), run, result.created_at) : []
  const facts: Evidence<Fact> = {
    ...(run ? backtestFacts({ ...run }, figures, null) : {}),
    ...(validation ? validationFacts({ ...validation }) : {}),
    ...gateFacts(evidence.gate_results),
  }
  for (const { fact, value } of result.checks) {
    const known = fact === 'hygiene.reproduced' && run ? reproduced : [facts[fact] ?? null]
    if (!known.some((one) => isValue(one, value)))
      messages.push(`The value of ${fact} does not follow from the evidence.`)
  }
  // By the values as they are stated: noise must not turn a verdict.
  const stated = Object.fromEntries(result.checks.map(({ fact, value }) => [fact, value])) as Evidence<Fact>
  const again = evaluatePolicy<Fact>(policy.policy, stated)
  if (again.verdict !== result.verdict || !isSame(again.checks, result.checks))
    messages.push('The verdict does not follow from the policy and the values.')
  return messages
}

const isValue = (one: unknown, other: unknown): boolean =>
  typeof one === 'number' && typeof other === 'number' ? isClose(one, other) : one === other

/** Whether it refers to the newest evaluation of each gate for this version, and as it was. */
function knewNewest({ id, evidence, strategy_version, created_at }: GateResult, { gateResults }: Archive): boolean {
  const earlier = [...gateResults.values()].filter(
    (one) =>
      one.id !== id &&
      one.policy_version !== null &&
      one.strategy_version === strategy_version &&
      one.created_at <= created_at,
  )
  const areReal = evidence.gate_results.every((named) =>
    earlier.some((one) => one.id === named.id && one.gate === named.gate && one.verdict === named.verdict),
  )
  return (
    areReal &&
    earlier.every((one) => {
      const named = gateResults.get(evidence.gate_results.find(({ gate }) => gate === one.gate)?.id ?? '')
      return one.created_at === created_at || (named !== undefined && named.created_at >= one.created_at)
    })
  )
}

type Validation = NonNullable<ReturnType<Archive['validations']['get']>>

const hashOf = ({ windows, rule, verdict }: Validation): string => fingerprint({ windows, rule, verdict })
