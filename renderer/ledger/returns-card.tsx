import { useMemo, useState } from 'react'
import type { BacktestDetail, ReturnsReply } from '../../contracts/backtests'
import { Key, Keys } from '../charts/keys'
import { TimeChart } from '../charts/time-chart'
import { toneOf } from '../charts/tone'
import { Card } from '../ui/card'
import { Select } from '../ui/select'
import { count, NOTHING, ratio, shortNumber, utcDay } from './format'
import { Histogram } from './histogram'
import styles from './ledger.module.css'
import { Loaded } from './loaded'
import { useReturns } from './use-runs'

const WINDOWS = [21, 63, 126, 252]
const SHARPE = toneOf(0)
const HEIGHT = 220

/** How the returns are spread, and the Sharpe ratio over time. */
export function ReturnsCard({ run }: { run: BacktestDetail }) {
  const [window, setWindow] = useState(63)
  const query = useReturns(run.id, window)
  return (
    <div className={styles.pair}>
      <Card title="Returns">
        <Loaded query={query} label="Loading the returns">
          {({ histogram, return_count }) => <Histogram {...histogram} total={return_count} />}
        </Loaded>
      </Card>
      <Card
        title="Rolling Sharpe ratio"
        aside={
          <Select
            size="xs"
            aria-label="Returns that it looks back on"
            value={String(window)}
            data={WINDOWS.map((each) => ({ value: String(each), label: `over ${each} returns` }))}
            onChange={({ currentTarget }) => setWindow(Number(currentTarget.value))}
          />
        }
      >
        <Loaded query={query} label="Loading the rolling Sharpe ratio">
          {({ rolling_sharpe }) => <RollingSharpe {...rolling_sharpe} />}
        </Loaded>
      </Card>
    </div>
  )
}

function RollingSharpe({ window, times, values }: ReturnsReply['rolling_sharpe']) {
  const [pointed, setPointed] = useState<number | null>(null)
  const lines = useMemo(() => [{ name: 'Sharpe ratio', values, tone: SHARPE }], [values])
  const [from, to] = [times[0], times.at(-1)]
  if (from === undefined || to === undefined)
    return <p className={styles.lead}>There are fewer than {count(window)} returns.</p>
  const at = pointed ?? times.length - 1
  return (
    <>
      <Keys>
        <Key name={times[at] === undefined ? NOTHING : utcDay(times[at])} />
        <Key name="Sharpe ratio" tone={SHARPE}>
          {ratio(values[at] ?? null)}
        </Key>
      </Keys>
      <TimeChart
        label={`Sharpe ratio of the last ${window} returns, ${least(values)}`}
        times={times}
        lines={lines}
        height={HEIGHT}
        format={shortNumber}
        span={{ from, to }}
        whole={{ from, to }}
        onPoint={setPointed}
      />
    </>
  )
}

function least(values: (number | null)[]): string {
  const known = values.filter((value) => value !== null)
  return `from ${ratio(Math.min(...known))} to ${ratio(Math.max(...known))}`
}
