import type { Compared } from './statistics'

export interface Result extends Compared {
  what: string
  comparedWith: string
  unit: 'req/s' | 'logins/s' | 'points/s' | 'ms' | 'µs' | 'MB' | '%'
  /** None where a figure is there to be compared and not to be reached. */
  target?: Target
}

type Target = { atLeast: number } | { atMost: number }

const COLUMNS = ['', 'Aurelius', 'compared', 'with', 'ratio', 'target', '']
const TEXT = [0, 3, 6] // the other columns are figures

/** One line per measurement, side by side with what it is held against. */
export function table(results: Result[]): string {
  const rows = [COLUMNS, ...results.map(cells)]
  const widths = COLUMNS.map((_name, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) =>
        TEXT.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [line(rows[0] ?? []), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.slice(1).map(line)].join(
    '\n',
  )
}

function cells({ what, comparedWith, ours, other, unit, ratio, target }: Result): string[] {
  return [
    what,
    figure(ours, unit),
    figure(other, unit),
    comparedWith,
    ratio.toFixed(2),
    ...(target ? verdict(ratio, target) : ['', '']),
  ]
}

function verdict(ratio: number, target: Target): string[] {
  const wanted = 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`
  return [wanted, isMet(ratio, target) ? 'met' : 'NOT MET']
}

function isMet(ratio: number, target: Target): boolean {
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost
}

function figure(value: number, unit: Result['unit']): string {
  const digits = value >= 100 ? 0 : 2
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`
}
