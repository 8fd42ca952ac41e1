import { Button } from '@mantine/core'
import { Link, useParams } from 'react-router'
import type { Backtest } from '../../contracts/backtests'
import type { Strategy, StrategyVersion } from '../../contracts/strategies'
import { GatesCard } from '../gates/gates-card'
import { Card } from '../ui/card'
import { Fact, Facts, Moment } from '../ui/figures'
import { LiveNotice } from '../ui/notice'
import { Page } from '../ui/page'
import table from '../ui/table.module.css'
import { count, NOTHING, percent, ratio, utcDay } from './format'
import styles from './ledger.module.css'
import { Loaded } from './loaded'
import { Reproduced, RunStatus } from './status'
import { Tags } from './strategies-page'
import { useBacktests } from './use-runs'
import { useArchiveStrategy, useStrategy, useStrategyVersions } from './use-strategies'

export function StrategyPage() {
  const { id = '' } = useParams()
  const query = useStrategy(id)

  return (
    <Page
      title={query.data?.name ?? 'Strategy'}
      lead={query.data?.description || undefined}
      trail={<Link to="/strategies">All strategies</Link>}
    >
      <Loaded query={query} label="Loading the strategy">
        {(strategy) => (
          <>
            <AboutCard strategy={strategy} />
            <GatesCard strategy={strategy} />
            <RunsCard strategy={strategy} />
            <VersionsCard id={strategy.id} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function AboutCard({ strategy }: { strategy: Strategy }) {
  const archive = useArchiveStrategy(strategy.id)
  const isArchived = strategy.status === 'archived'
  return (
    <Card
      title="About"
      aside={
        <Button
          variant="default"
          size="compact-sm"
          loading={archive.isPending}
          onClick={() => archive.mutate(!isArchived)}
        >
          {isArchived ? 'Restore' : 'Archive'}
        </Button>
      }
    >
      <LiveNotice tone="bad">{archive.error?.message ?? null}</LiveNotice>
      <Facts inColumns>
        <Fact name="Type">{strategy.strategy_type}</Fact>
        <Fact name="Stage">
          <span className={styles.stage}>{strategy.stage}</span>
        </Fact>
        <Fact name="Status">{isArchived ? 'Archived' : 'Active'}</Fact>
        <Fact name="Version">{strategy.version}</Fact>
        <Fact name="Author">{strategy.owner_name ?? NOTHING}</Fact>
        <Fact name="Created">
          <Moment at={strategy.created_at} />
        </Fact>
      </Facts>
      <Tags tags={strategy.tags} />
    </Card>
  )
}

function RunsCard({ strategy }: { strategy: Strategy }) {
  const list = useBacktests(strategy.id)
  return (
    <Card title="Runs">
      <Loaded query={list} label="Loading the runs">
        {({ pages }) => {
          const runs = pages.flatMap(({ backtests }) => backtests)
          if (runs.length === 0)
            return (
              <p className={styles.lead}>
                No run is recorded yet: a script records one with POST /api/v1/backtests/record.
              </p>
            )
          return (
            <>
              <RunsTable runs={runs} />
              {list.hasNextPage ? (
                <div className={styles.more}>
                  <span />
                  <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
                    Show more
                  </Button>
                </div>
              ) : null}
            </>
          )
        }}
      </Loaded>
    </Card>
  )
}

function RunsTable({ runs }: { runs: Backtest[] }) {
  return (
    <table className={`${table.table} ${table.folding}`} aria-label="Runs">
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">Status</th>
          <th scope="col">Period</th>
          <th scope="col" data-number>
            Return
          </th>
          <th scope="col" data-number>
            Sharpe
          </th>
          <th scope="col" data-number>
            Drawdown
          </th>
          <th scope="col" data-number>
            Trades
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <th scope="row">
              <Link to={`/backtests/${run.id}`}>{run.label ?? <Moment at={run.created_at} />}</Link>
              <span className={styles.under}>
                Version {run.strategy_version}
                {run.label ? (
                  <>
                    {', '}
                    <Moment at={run.created_at} />
                  </>
                ) : null}
              </span>
            </th>
            <td data-label="Status">
              <span className={styles.badges}>
                <RunStatus {...run} /> {run.reproducibility === 'different' ? <Reproduced run={run} /> : null}
              </span>
            </td>
            <td data-label="Period">{period(run)}</td>
            <td data-label="Return" data-number>
              {percent(run.total_return)}
            </td>
            <td data-label="Sharpe" data-number>
              {ratio(run.sharpe_ratio)}
            </td>
            <td data-label="Drawdown" data-number>
              {percent(run.max_drawdown)}
            </td>
            <td data-label="Trades" data-number>
              {count(run.trade_count)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function period({ start_date, end_date }: Backtest): string {
  if (start_date === null) return NOTHING
  return end_date === null ? `from ${utcDay(start_date)}` : `${utcDay(start_date)} – ${utcDay(end_date)}`
}

function VersionsCard({ id }: { id: string }) {
  const list = useStrategyVersions(id)
  return (
    <Card title="Versions">
      <Loaded query={list} label="Loading the versions">
        {({ versions }) => (
          <ol className={styles.versions}>
            {versions.map((version, index) => (
              <li key={version.version}>
                <Version version={version} previous={versions[index + 1]} />
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </Card>
  )
}

/** A version, and of its parameters those that the version before had otherwise. */
function Version({ version, previous }: { version: StrategyVersion; previous: StrategyVersion | undefined }) {
  const names = Object.keys({ ...previous?.parameters, ...version.parameters }).sort()
  const shown = previous ? names.filter((name) => text(version, name) !== text(previous, name)) : names
  return (
    <>
      <h3>
        Version {version.version}{' '}
        <span className={styles.under}>
          <Moment at={version.created_at} />
          {version.author_name ? ` by ${version.author_name}` : ''}
        </span>
      </h3>
      {version.note ? <p>{version.note}</p> : null}
      {shown.length > 0 ? (
        <Facts inColumns>
          {shown.map((name) => (
            <Fact key={name} name={name}>
              {previous ? <s className={styles.former}>{text(previous, name)}</s> : null} {text(version, name)}
            </Fact>
          ))}
        </Facts>
      ) : (
        <p className={styles.lead}>{previous ? 'The same parameters as before.' : 'No parameters.'}</p>
      )}
    </>
  )
}

function text({ parameters }: StrategyVersion, name: string): string {
  return name in parameters ? JSON.stringify(parameters[name]) : NOTHING
}
