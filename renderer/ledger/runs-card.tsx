import { Button, Checkbox } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { type Backtest, COMPARE_MAX } from '../../contracts/backtests'
import type { Strategy } from '../../contracts/strategies'
import { Card } from '../ui/card'
import { DataTable } from '../ui/data-table'
import { Moment } from '../ui/figures'
import { count, NOTHING, percent, ratio, utcDay } from './format'
import styles from './ledger.module.css'
import { Loaded } from './loaded'
import { runName } from './run-name'
import { Reproduced, RunStatus } from './status'
import { useBacktests } from './use-runs'

/** The runs of a strategy; some of them can be picked to be compared. */
export function RunsCard({ strategy }: { strategy: Strategy }) {
  const list = useBacktests(strategy.id)
  const [picked, setPicked] = useState<string[]>([])
  return (
    <Card
      title="Runs"
      aside={
        <span className={styles.controls}>
          <CompareLink ids={picked} />
          <Link to={`/import?strategy=${strategy.id}`}>Import a run</Link>
        </span>
      }
    >
      <Loaded query={list} label="Loading the runs">
        {({ pages }) => {
          const runs = pages.flatMap(({ backtests }) => backtests)
          if (runs.length === 0)
            return (
              <p className={styles.lead}>
                No run is recorded yet. A script records one with POST /api/v1/backtests/record, and files of other
                tools can be imported.
              </p>
            )
          return (
            <>
              <RunsTable runs={runs} picked={picked} onPick={setPicked} />
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

function CompareLink({ ids }: { ids: string[] }) {
  if (ids.length === 0) return <span className={styles.under}>Tick runs to compare them</span>
  if (ids.length === 1) return <span className={styles.under}>Tick one more to compare</span>
  return <Link to={`/compare?runs=${ids.join(',')}`}>Compare {ids.length} runs</Link>
}

interface RunsTableProps {
  runs: Backtest[]
  picked: string[]
  onPick: (ids: string[]) => void
}

function RunsTable({ runs, picked, onPick }: RunsTableProps) {
  return (
    <DataTable
      label="Runs"
      rows={runs}
      keyOf={({ id }) => id}
      columns={[
        { label: 'Run', cell: (run) => <RunCell run={run} picked={picked} onPick={onPick} /> },
        {
          label: 'Status',
          cell: (run) => (
            <span className={styles.badges}>
              <RunStatus {...run} /> {run.reproducibility === 'different' ? <Reproduced run={run} /> : null}
            </span>
          ),
        },
        { label: 'Period', cell: period },
        { label: 'Return', isNumber: true, cell: ({ total_return }) => percent(total_return) },
        { label: 'Sharpe', isNumber: true, cell: ({ sharpe_ratio }) => ratio(sharpe_ratio) },
        { label: 'Drawdown', isNumber: true, cell: ({ max_drawdown }) => percent(max_drawdown) },
        { label: 'Trades', isNumber: true, cell: ({ trade_count }) => count(trade_count) },
      ]}
    />
  )
}

function RunCell({ run, picked, onPick }: { run: Backtest } & Omit<RunsTableProps, 'runs'>) {
  return (
    <>
      <span className={styles.pick}>
        <Checkbox
          size="xs"
          aria-label={`Compare ${runName(run)}`}
          checked={picked.includes(run.id)}
          disabled={run.point_count === 0 || (picked.length >= COMPARE_MAX && !picked.includes(run.id))}
          onChange={({ currentTarget }) =>
            onPick(currentTarget.checked ? [...picked, run.id] : picked.filter((id) => id !== run.id))
          }
        />
      </span>
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
    </>
  )
}

function period({ start_date, end_date }: Backtest): string {
  if (start_date === null) return NOTHING
  return end_date === null ? `from ${utcDay(start_date)}` : `${utcDay(start_date)} – ${utcDay(end_date)}`
}
