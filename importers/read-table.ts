import { compound, readSeries, toPoints } from './curve'
import { type Detection, detectTable, missingRoles } from './detect'
import { BadValue, UnreadableFile } from './faults'
import { isBlank } from './numbers'
import { guessMapping, isKnownHeading } from './roles'
import { readTable, type Table } from './table'
import { createTimeReader, DATE_EXAMPLES, readOffset, tellDateFormat } from './times'
import { readTrades } from './trades'
import type { ColumnName, DateFormat, FormatId, Holds, ImportResult, ImportSettings, Mapping, RunFacts } from './types'

const SAMPLED_DATES = 2_000
const DEFAULT_CAPITAL = 100_000
const UNNAMED = 'unnamed'
const ENGINES: Partial<Record<FormatId, string>> = { 'backtesting-py': 'backtesting.py', vectorbt: 'vectorbt' }

export interface TablePlan {
  format: FormatId
  holds: Holds
  mapping: Mapping
  dateFormat: DateFormat | null
  missing: string[]
}

/** How a table is to be read: what a person stated, and for the rest what it tells itself. */
export function planTable(table: Table, settings: ImportSettings): TablePlan {
  const told = tellTable(table)
  const format = settings.format ?? told.format
  const isReturns = format === 'returns' || Boolean(settings.columns?.return && !settings.columns.equity)
  const holds = settings.holds ?? (isReturns ? 'returns' : told.holds)
  const assigned = Object.entries(settings.columns ?? {}).filter(([, heading]) => heading !== '')
  const known = assigned.filter(([, heading]) => table.columns.includes(heading))
  const stated = new Set(known.map(([, heading]) => heading))
  const guessed = Object.entries(guessMapping(holds, table.columns)).filter(
    ([name, heading]) => heading !== undefined && !stated.has(heading) && !(name in (settings.columns ?? {})),
  )
  const mapping: Mapping = Object.fromEntries([...guessed, ...known])
  const unknown = assigned.map(([, heading]) => heading).filter((heading) => !table.columns.includes(heading))
  const dates = sampleDates(table, mapping)
  const dateFormat = settings.dateFormat ?? tellDateFormat(dates)
  return {
    format,
    holds,
    mapping,
    dateFormat: dateFormat === undefined || dateFormat === 'ambiguous' ? null : dateFormat,
    missing: [
      ...unknown.map((heading) => `The file has no column “${heading}”; it has ${list(table.columns)}.`),
      ...missingRoles(holds, mapping).map(
        (label) => `Say which column is the ${label.toLowerCase()}; the file has ${list(table.columns)}.`,
      ),
      ...(dateFormat === 'ambiguous'
        ? ['Say whether the day or the month comes first: the dates could be either.']
        : []),
      ...(dateFormat === undefined && dates.length > 0 ? [noDates(holds, table, mapping.time, dates)] : []),
    ],
  }
}

/** What the headings tell; of a series whose name tells nothing, its values: returns lie around zero, equity does not. */
function tellTable(table: Table): Detection {
  const told = detectTable(table.columns)
  return told.format === 'csv' && hasNamelessReturns(table) ? { format: 'returns', holds: 'returns' } : told
}

function hasNamelessReturns({ columns, rows }: Table): boolean {
  const [, name = ''] = columns
  if (columns.length !== 2 || isKnownHeading(name)) return false
  const values = rows.slice(0, SAMPLED_DATES).flatMap(([, text = '']) => (isBlank(text) ? [] : [Number(text)]))
  return values.some((value) => value < 0) && values.every((value) => Math.abs(value) < 1)
}

/** Where a heading says nothing, its column was taken for times by its place alone. */
function noDates(holds: Holds, { columns }: Table, time: string | undefined, dates: string[]): string {
  if (time !== undefined && guessMapping(holds, [time]).time === undefined)
    return `Say which column is the time: the file has ${list(columns)}, and “${time}” holds no dates.`
  return `Dates are written as ${Object.values(DATE_EXAMPLES).join(', ')}; these are not: ${dates[0]}.`
}

const list = (columns: readonly string[]) => columns.map((column) => `“${column}”`).join(', ')

function sampleDates(table: Table, mapping: Mapping): string[] {
  const columns = [mapping.time, mapping.entry_at, mapping.exit_at].flatMap((heading) =>
    heading === undefined ? [] : [table.columns.indexOf(heading)],
  )
  return table.rows
    .slice(0, SAMPLED_DATES)
    .flatMap((row) => columns.map((column) => row[column] ?? ''))
    .filter((text) => text !== '' && !/^nat$/i.test(text))
}

/** @throws {UnreadableFile} what it is cannot be told */
export function readTableFile(text: string, settings: ImportSettings): ImportResult {
  const table = readTable(text)
  const { faults } = table
  const plan = planTable(table, settings)
  const [first] = plan.missing
  if (first !== undefined && table.rows.length > 0) throw new UnreadableFile(first)
  if (table.rows.length === 0 && faults.faults.length === 0) throw new UnreadableFile('The file has no rows.')
  const reader = createTimeReader(plan.dateFormat ?? 'iso', offsetOf(settings))
  const columnOf = (name: ColumnName) => table.columns.indexOf(plan.mapping[name] ?? '\u0000')
  const engine = ENGINES[plan.format]
  const facts: RunFacts = engine === undefined ? {} : { engine }
  const base = { format: plan.format, holds: plan.holds, facts, strategyName: null, faults: faults.faults }
  const zoneNote = () =>
    reader.hasAssumedZone ? [`Times without a zone are taken for UTC${signed(settings.utcOffset)}.`] : []

  if (plan.holds === 'trades') {
    const instrument = settings.instrument || UNNAMED
    const { trades, openCount } = readTrades(table, columnOf, reader, instrument, faults)
    const isUnnamed = trades.some((trade) => trade.instrument === UNNAMED)
    return {
      ...base,
      points: new Float64Array(),
      trades,
      facts: { ...facts, ...instrumentsOf(trades.map((trade) => trade.instrument)) },
      notes: [
        ...(isUnnamed ? ['The file names no instrument: the trades are recorded as “unnamed”.'] : []),
        ...(openCount > 0 ? [`Trades that were still open are left out: ${openCount}.`] : []),
        ...zoneNote(),
      ],
    }
  }
  const isReturns = plan.holds === 'returns'
  const value = isReturns ? 'return' : 'equity'
  const wasTold =
    [settings.holds, settings.format, settings.columns?.return].some((each) => each !== undefined) ||
    !hasNamelessReturns(table)
  const series = readSeries(table, { time: columnOf('time'), value: columnOf(value) }, value, reader, faults)
  const capital = settings.initialCapital ?? DEFAULT_CAPITAL
  const { series: grown, notes } = isReturns ? compound(series, capital) : { series, notes: [] }
  return {
    ...base,
    points: toPoints(grown),
    trades: [],
    facts: isReturns ? { ...facts, initial_capital: capital } : facts,
    notes: [
      ...notes,
      ...zoneNote(),
      ...(wasTold ? [] : [`The values of “${plan.mapping[value]}” lie around zero and are taken for returns.`]),
    ],
  }
}

/** An offset as it stands behind UTC: nothing where it is UTC itself. */
const signed = (offset = '') => offset.trim().replace(/^(utc|z)$/i, '')

function offsetOf({ utcOffset }: ImportSettings): number {
  try {
    return utcOffset === undefined ? 0 : readOffset(utcOffset)
  } catch (error) {
    if (error instanceof BadValue) throw new UnreadableFile(`${error.message}.`)
    throw error
  }
}

/** At most as many as a run may name. */
export function instrumentsOf(names: readonly string[]): Pick<RunFacts, 'instruments'> {
  const instruments = [...new Set(names)].filter((name) => name !== UNNAMED).sort()
  return instruments.length === 0 || instruments.length > 1_000 ? {} : { instruments }
}
