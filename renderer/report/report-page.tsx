import { Link, useParams } from 'react-router'
import type { Backtest } from '../../contracts/backtests'
import { gateName } from '../../contracts/gate-policy'
import { METRICS } from '../../contracts/metric-catalogue'
import type { MetricId } from '../../contracts/metrics'
import type { Strategy } from '../../contracts/strategies'
import { WHOLE } from '../charts/zoom'
import { GATE_TITLES, type Missing, missingEvidence } from '../gates/facts'
import { newestOf } from '../gates/gates-card'
import { useGateResults } from '../gates/use-gates'
import { VerdictBadge } from '../gates/verdict'
import { EquityCurves } from '../ledger/equity-curves'
import { figure, NOTHING, percent, ratio, utcDay } from '../ledger/format'
import { Loaded } from '../ledger/loaded'
import { runName } from '../ledger/run-name'
import { useBacktest, useBacktests, useCurve } from '../ledger/use-runs'
import { useStrategy } from '../ledger/use-strategies'
import { Card } from '../ui/card'
import { Fact, Facts } from '../ui/figures'
import { Page } from '../ui/page'
import table from '../ui/table.module.css'
import { useValidations } from '../validations/validations-api'
import { periodOf } from '../validations/validations-card'
import { PaperButtons } from './paper-buttons'
import styles from './report.module.css'

const SHOWN: MetricId[] = [
  'total_return',
  'cagr',
  'volatility',
  'sharpe_ratio',
  'sortino_ratio',
  'max_drawdown',
  'longest_drawdown_days',
  'expected_shortfall_95_one_period',
  'deflated_sharpe_ratio',
  'trade_count',
  'win_rate',
  'profit_factor',
]

/** A strategy on one sheet, for those who decide about it: the newest version, its newest run, validation and gates. */
export function ReportPage() {
  const { id = '' } = useParams()
  const query = useStrategy(id)
  return (
    <div className={styles.report}>
      <Page
        title={query.data ? `Report: ${query.data.name}` : 'Report'}
        lead={query.data?.description || undefined}
        trail={<Link to={`/strategies/${id}`}>{query.data?.name ?? 'Strategy'}</Link>}
      >
        <Loaded query={query} label="Loading the strategy">
          {(strategy) => <Report strategy={strategy} />}
        </Loaded>
      </Page>
    </div>
  )
}

function Report({ strategy }: { strategy: Strategy }) {
  const runs = useBacktests(strategy.id)
  const newest = runs.data?.pages
    .flatMap(({ backtests }) => backtests)
    .find(({ status, strategy_version }) => status === 'completed' && strategy_version === strategy.version)
  return (
    <>
      <PaperButtons />
      <Facts inColumns>
        <Fact name="Type">{strategy.strategy_type}</Fact>
        <Fact name="Version">{strategy.version}</Fact>
        <Fact name="Stage">{strategy.stage}</Fact>
        <Fact name="Author">{strategy.owner_name ?? NOTHING}</Fact>
        <Fact name="Printed">{utcDay(Date.now())}</Fact>
        <Fact name="Parameters">
          {Object.entries(strategy.parameters)
            .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
            .join(', ') || 'None'}
        </Fact>
      </Facts>
      {newest ? (
        <RunPart run={newest} />
      ) : (
        <Card title="Run">
          <p>No completed run is recorded for version {strategy.version}.</p>
        </Card>
      )}
      <GatesPart strategy={strategy} />
      <ValidationPart strategy={strategy} />
    </>
  )
}

function RunPart({ run }: { run: Backtest }) {
  const detail = useBacktest(run.id)
  const curve = useCurve(run.id, WHOLE, run.point_count)
  const extent = { from: curve.data?.times[0] ?? 0, to: curve.data?.times.at(-1) ?? 0 }
  const figures = detail.data?.metrics?.figures
  return (
    <Card title={`Newest run: ${runName(run)}`}>
      <p className={styles.source}>
        {run.start_date ? utcDay(run.start_date) : NOTHING} – {run.end_date ? utcDay(run.end_date) : NOTHING}. Data:{' '}
        {run.data_source}. Fingerprint of the inputs {run.fingerprint?.slice(0, 12) ?? NOTHING}, of the result{' '}
        {run.result_hash?.slice(0, 12) ?? NOTHING}.
      </p>
      {curve.data ? (
        <EquityCurves
          shown={curve.data}
          whole={curve.data}
          benchmark={null}
          currency={run.currency}
          isLogarithmic={false}
          stretch={WHOLE}
          extent={extent}
          onZoom={() => undefined}
        />
      ) : null}
      <dl className={styles.figures}>
        {METRICS.filter(({ id }) => SHOWN.includes(id)).map(({ id, label, unit }) => (
          <div key={id}>
            <dt>{label}</dt>
            <dd>{figure(figures?.[id] ?? null, unit, run.currency)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function GatesPart({ strategy }: { strategy: Strategy }) {
  const results = useGateResults(strategy.id)
  return (
    <Card title="Gates">
      <Loaded query={results} label="Loading the gates">
        {({ gate_results }) => (
          <table className={`${table.table} ${table.folding}`} aria-label="Gates">
            <tbody>
              {gateName.options.map((gate) => {
                const result = newestOf(gate_results, gate, strategy.version)
                return (
                  <tr key={gate}>
                    <th scope="row">{GATE_TITLES[gate]}</th>
                    <td data-label="Verdict">
                      <span>
                        <VerdictBadge verdict={result?.verdict ?? null} />
                      </span>
                    </td>
                    <td data-label="Evidence">
                      <span className={styles.evidence}>{result ? saidOf(missingEvidence(result)) : NOTHING}</span>
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        )}
      </Loaded>
    </Card>
  )
}

function saidOf(missing: Missing[]): string {
  return missing.length === 0 ? 'Complete.' : missing.map(({ sentence }) => sentence).join(' ')
}

function ValidationPart({ strategy }: { strategy: Strategy }) {
  const { data } = useValidations(strategy.id)
  const newest = data?.validations.find(({ strategy_version }) => strategy_version === strategy.version)
  return (
    <Card title="Walk-forward validation">
      {newest ? (
        <p className={styles.source}>
          <VerdictBadge verdict={newest.verdict} /> {periodOf(newest)}, {newest.window_count} windows: mean Sharpe ratio{' '}
          {ratio(newest.in_sample_sharpe)} in sample, {ratio(newest.out_of_sample_sharpe)} out of sample; degradation{' '}
          {percent(newest.degradation)}, stability {percent(newest.stability)}.
        </p>
      ) : (
        <p className={styles.source}>No validation is recorded for version {strategy.version}.</p>
      )}
    </Card>
  )
}
