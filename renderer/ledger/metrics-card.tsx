import { Tooltip } from '@mantine/core'
import type { BacktestDetail } from '../../contracts/backtests'
import { METRICS } from '../../contracts/metric-catalogue'
import type { MetricDefinition, MetricFigures } from '../../contracts/metrics'
import { Card } from '../ui/card'
import { figure, NOTHING } from './format'
import styles from './ledger.module.css'

/** Every figure with its formula and source a hover or a tab away. */
export function MetricsCard({ run, figures }: { run: BacktestDetail; figures: MetricFigures }) {
  return (
    <Card title="Figures">
      <dl className={styles.metrics}>
        {METRICS.map((metric) => (
          <Metric key={metric.id} metric={metric} run={run} value={figures[metric.id]} />
        ))}
      </dl>
    </Card>
  )
}

interface MetricProps {
  metric: MetricDefinition
  run: BacktestDetail
  value: number | null
}

function Metric({ metric, run: { currency, differences }, value }: MetricProps) {
  const difference = differences.find((each) => each.metric === metric.id)
  return (
    <div data-differs={difference !== undefined}>
      <dt>
        <Tooltip label={explanation(metric, value)} multiline w={340} withArrow events={ON_HOVER_AND_FOCUS}>
          <button type="button" className={styles.term}>
            {metric.label}
          </button>
        </Tooltip>
      </dt>
      <dd>
        {figure(value, metric.unit, currency)}
        {difference ? (
          <span className={styles.theirs}>the script says {figure(difference.theirs, metric.unit, currency)}</span>
        ) : null}
      </dd>
    </div>
  )
}

const ON_HOVER_AND_FOCUS = { hover: true, focus: true, touch: true }

function explanation({ formula, source, undefined_when }: MetricDefinition, value: number | null): string {
  const why = value === null && undefined_when !== null ? `${NOTHING} means undefined: ${undefined_when}. ` : ''
  return `${why}${formula}. Source: ${source}.`
}
