import { METRICS } from '../../contracts/metric-catalogue'

const INTRODUCTION = `# Metrics

Computed by the server from the recorded equity curve and trades, never taken from a script. A figure that is undefined
is \`null\`, never 0, NaN or infinite.

Words used throughout: a *period* is a day that has a value; *r* is the simple return of a period, *n* the number of
them, *P* the periods per year, *s* the sample standard deviation of *r*, *f* the risk-free rate per period,
(1 + yearly rate)^(1 ÷ P) − 1, and Φ the distribution function of the normal. *E* is the equity at every recorded point;
a value of *E* holds until the next one. A year is 365.25 days. G₁ and G₂ are the skewness and the excess kurtosis.

- **Periods.** The close of a day is its last value; a trading day starts at midnight UTC unless \`day_start_minutes\`
  says otherwise. The first value of the curve is what the first period starts from.
- **Periods per year** are told from the typical distance between closes unless they are given: 252 for days (365 where
  Saturdays are traded), 52 for weeks, 12 for months, 4 for quarters, 1 for years. What was used is kept in \`basis\`.
- **Trades** are round trips; a profit is after commission and slippage. A run without trades sent leaves them unknown,
  which is not the same as none.
- **Monthly returns** set a month's last close against the last close before it, and the first month against the first
  value, so that they compound to the total return. A month without a value has none.
`

/** The catalogue as a page of the documentation. */
export function metricsPage(): string {
  const sections = METRICS.map((metric) => {
    const facts = [
      `- **Id, unit:** \`${metric.id}\`, ${metric.unit.replace('_', ' ')}`,
      `- **Formula:** ${metric.formula}`,
      ...(metric.undefined_when ? [`- **Undefined when** ${metric.undefined_when}`] : []),
      `- **Source:** ${metric.source}`,
    ]
    return `## ${metric.label}\n\n${facts.join('\n')}\n`
  })
  return [INTRODUCTION, ...sections].join('\n')
}
