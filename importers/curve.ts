import { BadValue, type FaultList } from './faults'
import { isBlank, readNumber } from './numbers'
import type { Table } from './table'
import type { TimeReader } from './times'

const DAY_MS = 86_400_000
const SAMPLE = 1_001
const LIKELY_PERCENT = 0.2

/** A column of times and one of values, oldest first. */
export interface Series {
  times: number[]
  values: number[]
}

/**
 * Reads a series from a table that is sorted by time, either way.
 *
 * @param blanks what becomes of a row without a value: the first of returns has none
 */
export function readSeries(
  table: Table,
  at: { time: number; value: number },
  name: 'equity' | 'return',
  reader: TimeReader,
  faults: FaultList,
): Series {
  const series: Series = { times: [], values: [] }
  const isDescending = goesDown(table, at.time, reader)
  const count = table.rows.length
  let last = Number.NEGATIVE_INFINITY
  for (let step = 0; step < count && !faults.isFull; step++) {
    const index = isDescending ? count - 1 - step : step
    const row = table.rows[index] ?? []
    try {
      const time = reader.read(row[at.time] ?? '', 'time')
      const text = row[at.value] ?? ''
      const value = name === 'return' && step === 0 && isBlank(text) ? 0 : readNumber(text, name)
      if (time <= last) throw new BadValue(`is not later than the one before it, ${new Date(last).toISOString()}`)
      last = time
      series.times.push(time)
      series.values.push(value)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      faults.add(table.lines[index] ?? null, `The row ${error.message}.`)
    }
  }
  return series
}

function goesDown(table: Table, column: number, reader: TimeReader): boolean {
  const timeOf = (row: string[] | undefined): number => {
    try {
      return reader.read(row?.[column] ?? '', 'time')
    } catch {
      return Number.NaN
    }
  }
  return timeOf(table.rows[0]) > timeOf(table.rows.at(-1))
}

/**
 * Equity that grew by returns: each value is the one before it times one plus the return. The capital stands one usual
 * step before the first return, or where the first return is zero, at its own time.
 */
export function compound({ times, values }: Series, capital: number): { series: Series; notes: string[] } {
  const grown: Series = { times: [], values: [] }
  const notes: string[] = []
  const first = times[0]
  if (first !== undefined && values[0] !== 0) {
    const start = before(times)
    grown.times.push(start)
    grown.values.push(capital)
    notes.push(`The capital of ${capital} is put one step before the first return, at ${dayOf(start)}.`)
  }
  let equity = capital
  values.forEach((value, index) => {
    equity *= 1 + value
    grown.times.push(times[index] as number)
    grown.values.push(equity)
  })
  const mean = values.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, values.length)
  if (mean > LIKELY_PERCENT) notes.push('The returns are very large: 0.01 is 1 %, are these per cent?')
  return { series: grown, notes }
}

/** One usual step before the first time; for days of the week, the weekday before. */
function before(times: readonly number[]): number {
  const sample = times.slice(0, SAMPLE)
  const first = sample[0] as number
  const steps = sample.slice(1).map((time, index) => time - (sample[index] as number))
  const step = steps.sort((one, other) => one - other)[Math.floor(steps.length / 2)] ?? DAY_MS
  const isWeekend = (time: number) => [0, 6].includes(new Date(time).getUTCDay())
  let start = first - step
  if (step === DAY_MS && !sample.some(isWeekend)) while (isWeekend(start)) start -= DAY_MS
  return start
}

const dayOf = (time: number) => new Date(time).toISOString().replace('T00:00:00.000Z', '')

/** Time and value by turns, as the API takes them. */
export function toPoints({ times, values }: Series): Float64Array {
  const points = new Float64Array(times.length * 2)
  for (let index = 0; index < times.length; index++) {
    points[index * 2] = times[index] as number
    points[index * 2 + 1] = values[index] as number
  }
  return points
}
