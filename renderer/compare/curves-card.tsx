import { ActionIcon, Switch } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { BacktestDetail } from '../../contracts/backtests'
import { KeyLine } from '../charts/keys'
import { TimeChart } from '../charts/time-chart'
import { toneOf } from '../charts/tone'
import { type Stretch, spanOf, WHOLE } from '../charts/zoom'
import { ZoomButtons } from '../charts/zoom-buttons'
import { NOTHING, shortNumber, utcDay } from '../ledger/format'
import { runName } from '../ledger/run-name'
import { useCurves } from '../ledger/use-runs'
import { Card } from '../ui/card'
import styles from './compare.module.css'
import { letterOf } from './letters'
import { rebaseAll } from './rebase'

const HEIGHT = 360

interface CurvesCardProps {
  runs: BacktestDetail[]
  onRemove: (id: string) => void
}

export function CurvesCard({ runs, onRemove }: CurvesCardProps) {
  const curves = useCurves(runs.map(({ id }) => id))
  const { times, values, start } = useMemo(() => rebaseAll(curves), [curves])
  const [stretch, setStretch] = useState<Stretch>(WHOLE)
  const [isLogarithmic, setLogarithmic] = useState(false)
  const [pointed, setPointed] = useState<number | null>(null)
  const lines = useMemo(
    () => values.map((each, index) => ({ name: letterOf(index), values: each, tone: toneOf(index) })),
    [values],
  )
  const whole = { from: times[0] ?? 0, to: times.at(-1) ?? 0 }
  const at = pointed ?? times.length - 1
  const canBeLogarithmic = values.every((each) => each.every((value) => value === null || value > 0))

  return (
    <Card
      title="Curves"
      aside={
        <div className={styles.controls}>
          <Switch
            size="sm"
            label="Logarithmic"
            checked={isLogarithmic}
            onChange={({ currentTarget }) => setLogarithmic(currentTarget.checked)}
          />
          <ZoomButtons stretch={stretch} whole={whole} onZoom={setStretch} />
        </div>
      }
    >
      <ul className={styles.runs} aria-label="Runs">
        {runs.map((run, index) => (
          <li key={run.id}>
            <KeyLine tone={toneOf(index)} />
            <strong>{letterOf(index)}</strong>
            <span className={styles.name}>
              <Link to={`/backtests/${run.id}`}>{runName(run)}</Link>
              <span className={styles.quiet}>
                {run.strategy_name}, version {run.strategy_version}
              </span>
            </span>
            <span className={styles.value}>{valueText(values[index]?.[at])}</span>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Leave out ${letterOf(index)}, ${runName(run)}`}
              onClick={() => onRemove(run.id)}
            >
              <IconX size="0.875rem" stroke={1.75} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {times.length > 0 ? (
        <>
          <p className={styles.quiet}>
            {times[at] === undefined ? '' : utcDay(times[at])}.{' '}
            {start === null
              ? 'They share no day: each is 100 on its own first day.'
              : `Each is 100 on ${utcDay(start)}.`}
          </p>
          <TimeChart
            label={`Curves of ${runs.length} runs, rebased to 100`}
            times={times}
            lines={lines}
            height={HEIGHT}
            format={shortNumber}
            span={spanOf(stretch, whole)}
            whole={whole}
            isLogarithmic={isLogarithmic && canBeLogarithmic}
            onZoom={setStretch}
            onPoint={setPointed}
          />
        </>
      ) : null}
    </Card>
  )
}

function valueText(value: number | null | undefined): string {
  return value === null || value === undefined ? NOTHING : value.toFixed(2)
}
