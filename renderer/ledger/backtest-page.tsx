import { Link, useParams } from 'react-router'
import type { BacktestDetail } from '../../contracts/backtests'
import { Card } from '../ui/card'
import { Fact, Facts, Moment } from '../ui/figures'
import { Notice } from '../ui/notice'
import { Page } from '../ui/page'
import { CutCard } from '../validations/cut-card'
import { basisText } from './basis'
import { EquityCard } from './equity-card'
import { count, money, NOTHING, utcDay } from './format'
import styles from './ledger.module.css'
import { Loaded } from './loaded'
import { MetricsCard } from './metrics-card'
import { MonthlyReturnsCard } from './monthly-returns-card'
import { ReturnsCard } from './returns-card'
import { Reproduced, RunStatus } from './status'
import { TradesCard } from './trades-card'
import { useBacktest } from './use-runs'

export function BacktestPage() {
  const { id = '' } = useParams()
  const query = useBacktest(id)
  const run = query.data

  return (
    <Page
      title={run ? (run.label ?? `Run of ${run.strategy_name}`) : 'Run'}
      trail={
        run ? (
          <>
            <Link to="/strategies">All strategies</Link>
            <Link to={`/strategies/${run.strategy_id}`}>{run.strategy_name}</Link>
          </>
        ) : null
      }
    >
      <Loaded query={query} label="Loading the run">
        {(loaded) => (
          <>
            <p className={styles.badges}>
              <RunStatus {...loaded} /> <Reproduced run={loaded} /> Version {loaded.strategy_version}
            </p>
            <Warnings run={loaded} />
            <EquityCard run={loaded} />
            {loaded.metrics ? <MetricsCard run={loaded} figures={loaded.metrics.figures} /> : null}
            {loaded.metrics ? <MonthlyReturnsCard months={loaded.metrics.monthly_returns} /> : null}
            {loaded.metrics ? <ReturnsCard run={loaded} /> : null}
            <TradesCard run={loaded} />
            <CutCard run={loaded} />
            <InputsCard run={loaded} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Warnings({ run }: { run: BacktestDetail }) {
  return (
    <>
      {run.status === 'failed' ? <Notice tone="bad">{run.error_message ?? 'The run failed.'}</Notice> : null}
      {run.reproducibility === 'different' && run.first_run_id ? (
        <Notice tone="bad">
          Equal inputs gave another curve in <Link to={`/backtests/${run.first_run_id}`}>the first run</Link>: something
          that is not recorded decides the result.
        </Notice>
      ) : null}
      {run.difference_count > 0 ? (
        <Notice tone="bad">
          {run.difference_count === 1
            ? 'One figure of the script differs from what is computed here; it is marked below.'
            : `${count(run.difference_count)} figures of the script differ from what is computed here; they are marked below.`}
        </Notice>
      ) : null}
    </>
  )
}

/** What the run was computed from, so that it can be computed again. */
function InputsCard({ run }: { run: BacktestDetail }) {
  return (
    <Card title="Inputs">
      <Facts inColumns>
        <Fact name="Period">
          {run.start_date ? utcDay(run.start_date) : NOTHING} – {run.end_date ? utcDay(run.end_date) : NOTHING}
        </Fact>
        <Fact name="Initial capital">
          {run.initial_capital === null ? NOTHING : money(run.initial_capital, run.currency)}
        </Fact>
        <Fact name="Instruments">{run.instruments.length > 0 ? run.instruments.join(', ') : NOTHING}</Fact>
        <Fact name="Seed">{run.seed ?? NOTHING}</Fact>
        <Fact name="Data">{run.data_source}</Fact>
        <Fact name="Data fingerprint">
          <span className={styles.hash}>{run.data_fingerprint ?? NOTHING}</span>
        </Fact>
        <Fact name="Engine">{[run.engine, run.engine_version].filter(Boolean).join(' ') || NOTHING}</Fact>
        <Fact name="Code revision">
          <span className={styles.hash}>{run.code_revision ?? NOTHING}</span>
        </Fact>
        <Fact name="Scored with">
          {run.metrics ? basisText(run.metrics.basis, run.selection?.trials ?? run.metrics.basis.trials) : NOTHING}
        </Fact>
        <Fact name="Recorded">
          <Moment at={run.created_at} />
          {run.author_name ? ` by ${run.author_name}` : ''}
        </Fact>
        <Fact name="Fingerprint of the inputs">
          <span className={styles.hash}>{run.fingerprint ?? NOTHING}</span>
        </Fact>
      </Facts>
      <h3 className={styles.part}>Parameters</h3>
      {Object.keys(run.parameters).length === 0 ? <p className={styles.lead}>None.</p> : null}
      <Facts inColumns>
        {Object.entries(run.parameters).map(([name, value]) => (
          <Fact key={name} name={name}>
            {JSON.stringify(value)}
          </Fact>
        ))}
      </Facts>
    </Card>
  )
}
