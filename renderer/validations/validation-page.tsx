import { Link, useParams } from 'react-router'
import type { ValidationDetail, WalkForwardPlan } from '../../contracts/validations'
import { VerdictBadge } from '../gates/verdict'
import { NOTHING, percent, ratio } from '../ledger/format'
import { Loaded } from '../ledger/loaded'
import { useStrategy } from '../ledger/use-strategies'
import { Card } from '../ui/card'
import { DataTable } from '../ui/data-table'
import { Fact, Facts, Moment } from '../ui/figures'
import { Notice } from '../ui/notice'
import { Page } from '../ui/page'
import styles from './validations.module.css'
import { useValidation } from './validations-api'
import { periodOf, SOURCES } from './validations-card'
import { WindowBars } from './window-bars'
import { WindowsTable } from './windows-table'

export function ValidationPage() {
  const { id = '' } = useParams()
  const query = useValidation(id)
  return (
    <Page
      title={query.data ? `Validation, ${periodOf(query.data)}` : 'Validation'}
      trail={
        <>
          <Link to="/strategies">All strategies</Link>
          {query.data ? <StrategyLink id={query.data.strategy_id} /> : null}
        </>
      }
    >
      <Loaded query={query} label="Loading the validation">
        {(validation) => (
          <>
            <p className={styles.badges}>
              <VerdictBadge verdict={validation.verdict} /> Version {validation.strategy_version}
            </p>
            {validation.source === 'adopted' ? (
              <p className={styles.quiet}>It comes from another system, whose figures are not shown.</p>
            ) : (
              <>
                <WindowsCard validation={validation} />
                <RuleCard validation={validation} />
              </>
            )}
            <AboutCard validation={validation} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function StrategyLink({ id }: { id: string }) {
  const { data } = useStrategy(id)
  return <Link to={`/strategies/${id}`}>{data?.name ?? 'Strategy'}</Link>
}

function WindowsCard({ validation: { windows } }: { validation: ValidationDetail }) {
  return (
    <Card title="Sharpe ratio in each window">
      <div className={styles.body}>
        <WindowBars windows={windows} />
        <WindowsTable windows={windows} />
      </div>
    </Card>
  )
}

const CHECKS: Record<string, { label: string; text: (value: number) => string }> = {
  windows: { label: 'Windows', text: String },
  out_of_sample: { label: 'Mean out-of-sample Sharpe ratio', text: ratio },
  degradation: { label: 'Degradation', text: percent },
  stability: { label: 'Stability', text: percent },
}
const OPERATORS = { at_least: 'at least', at_most: 'at most', above: 'above', below: 'below', is: '' }

/** What was asked for before anybody knew the result, and what came of it. */
function RuleCard({ validation: { checks, verdict } }: { validation: ValidationDetail }) {
  const asksForNothing = verdict === 'inconclusive' && checks.every(({ verdict }) => verdict === 'passed')
  const text = (id: string, value: number | boolean | null) =>
    typeof value === 'number' ? (CHECKS[id]?.text(value) ?? String(value)) : NOTHING
  return (
    <Card title="Rule and verdict">
      <div className={styles.body}>
        {asksForNothing ? (
          <Notice tone="plain">
            No figure was asked for, so there is no verdict: cut the run again with a rule, or record one with the
            windows.
          </Notice>
        ) : null}
        <DataTable
          label="Rule and verdict"
          rows={checks}
          keyOf={({ id }) => id}
          columns={[
            { label: 'Rule', cell: ({ id }) => CHECKS[id]?.label ?? id },
            { label: 'Value', isNumber: true, cell: ({ id, value }) => text(id, value) },
            {
              label: 'Asked for',
              isNumber: true,
              cell: ({ id, operator, threshold }) => `${OPERATORS[operator]} ${text(id, threshold)}`,
            },
            { label: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
          ]}
        />
      </div>
    </Card>
  )
}

function AboutCard({ validation }: { validation: ValidationDetail }) {
  return (
    <Card title="About">
      <Facts inColumns>
        <Fact name="Windows">{SOURCES[validation.source]}</Fact>
        <Fact name="Plan">{validation.plan ? planText(validation.plan) : NOTHING}</Fact>
        <Fact name="Run">
          {validation.backtest_id ? <Link to={`/backtests/${validation.backtest_id}`}>The run</Link> : NOTHING}
        </Fact>
        <Fact name="Mean in-sample Sharpe">{ratio(validation.in_sample_sharpe)}</Fact>
        <Fact name="Mean out-of-sample Sharpe">{ratio(validation.out_of_sample_sharpe)}</Fact>
        <Fact name="Degradation">{percent(validation.degradation)}</Fact>
        <Fact name="Stability">{percent(validation.stability)}</Fact>
        <Fact name="Recorded">
          <Moment at={validation.created_at} />
          {validation.author_name ? ` by ${validation.author_name}` : ''}
        </Fact>
      </Facts>
    </Card>
  )
}

function planText({ kind, in_sample_days, out_of_sample_days, embargo_days, step_days }: WalkForwardPlan): string {
  const step = step_days === undefined ? '' : `, a window every ${step_days} days`
  return `${kind === 'rolling' ? 'Rolling' : 'Anchored'}: ${in_sample_days} days in sample, ${embargo_days} days of embargo, ${out_of_sample_days} days out of sample${step}`
}
