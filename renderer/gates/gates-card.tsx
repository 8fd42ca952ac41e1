import { Link } from 'react-router'
import { gateName } from '../../contracts/gate-policy'
import type { GateResult } from '../../contracts/gates'
import { type Strategy, stage } from '../../contracts/strategies'
import { NOTHING } from '../ledger/format'
import { Loaded } from '../ledger/loaded'
import { Card } from '../ui/card'
import { Moment } from '../ui/figures'
import { GATE_TITLES, missingEvidence } from './facts'
import styles from './gates.module.css'
import { useGateResults, usePolicies } from './use-gates'
import { VerdictBadge } from './verdict'

/** How the newest version of a strategy stands at each gate. */
export function GatesCard({ strategy }: { strategy: Strategy }) {
  const results = useGateResults(strategy.id)
  const { data: policies } = usePolicies()
  return (
    <Card title="Gates" aside={<Link to="/gates">Policies</Link>}>
      <Loaded query={results} label="Loading the gates">
        {({ gate_results }) => (
          <ol className={styles.stages}>
            {gateName.options.map((gate) => {
              const result = newestOf(gate_results, gate, strategy.version)
              const reached = stage.options.indexOf(strategy.stage) >= stage.options.indexOf(gate)
              return (
                <li key={gate} data-reached={reached}>
                  <h3>
                    <Link to={`/strategies/${strategy.id}/gates/${gate}`}>{GATE_TITLES[gate]}</Link>{' '}
                    <VerdictBadge verdict={result?.verdict ?? null} />
                  </h3>
                  <p>{policies?.policies.find((each) => each.gate === gate)?.policy.title ?? NOTHING}</p>
                  <p className={styles.quiet}>
                    {result ? <Outcome result={result} /> : `Version ${strategy.version} was not held against it yet.`}
                  </p>
                  {reached ? <p className={styles.quiet}>Promoted to this stage.</p> : null}
                </li>
              )
            })}
          </ol>
        )}
      </Loaded>
    </Card>
  )
}

function Outcome({ result }: { result: GateResult }) {
  const passed = result.checks.filter(({ verdict }) => verdict === 'passed').length
  const missing = missingEvidence(result).length
  return (
    <>
      {passed} of {result.checks.length} checks passed
      {missing > 0 ? `, ${missing === 1 ? 'one thing is' : `${missing} things are`} missing` : ''}.{' '}
      <Moment at={result.created_at} />
    </>
  )
}

export function newestOf(results: GateResult[], gate: string, version: number): GateResult | undefined {
  return results.find((each) => each.gate === gate && each.strategy_version === version)
}
