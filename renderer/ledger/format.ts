import type { MetricDefinition } from '../../contracts/metrics'

const LOCALE = 'en-GB'
const PERCENT = new Intl.NumberFormat(LOCALE, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 })
const RATIO = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const COUNT = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 })
const QUANTITY = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 6 })
const PRICE = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 6 })

export const NOTHING = '—'

/** A figure in its unit; a dash where it is undefined. */
export function figure(value: number | null, unit: MetricDefinition['unit'], currency: string): string {
  if (value === null) return NOTHING
  switch (unit) {
    case 'fraction':
    case 'probability':
      return percent(value)
    case 'days':
      return `${COUNT.format(value)} d`
    case 'currency':
      return money(value, currency)
    case 'count':
      return COUNT.format(value)
    case 'per_year':
      return `${RATIO.format(value)} a year`
    case 'ratio':
      return ratio(value)
  }
}

export const percent = (fraction: number | null): string =>
  fraction === null ? NOTHING : minus(PERCENT.format(fraction))
export const ratio = (value: number | null): string => (value === null ? NOTHING : minus(RATIO.format(value)))
export const count = (value: number): string => COUNT.format(value)
export const quantity = (value: number): string => minus(QUANTITY.format(value))
export const price = (value: number): string => minus(PRICE.format(value))

export function money(value: number, currency: string): string {
  const digits = Math.abs(value) >= 100_000 ? 0 : 2
  const amount = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return `${minus(amount.format(value))} ${currency}`
}

/** At an axis: in thousands, millions or billions, with as many digits as asked for. */
export function shortMoney(value: number, digits: number): string {
  const amount = new Intl.NumberFormat(LOCALE, {
    notation: 'compact',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return minus(amount.format(value))
}

export function shortPercent(fraction: number, digits: number): string {
  return `${shortNumber(fraction * 100, digits)}%`
}

export function shortNumber(value: number, digits: number): string {
  return minus(value.toFixed(digits))
}

/** Days of a curve are days in UTC, wherever the reader is. */
export function utcDay(at: string | number): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(at))
}

export function utcMoment(at: string | number): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(at),
  )
}

/** A minus is as wide as a plus, so columns keep their edge. What rounds to nothing has none. */
function minus(text: string): string {
  return text.replace('-', /[1-9]/.test(text) ? '−' : '')
}
