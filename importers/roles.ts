import type { ColumnName, Holds, Mapping, Role } from './types'

interface KnownRole extends Role {
  /** Headings it goes by, in lower case, the likeliest first. */
  headings: RegExp
}

const role = (name: ColumnName, label: string, isRequired: boolean, headings: RegExp): KnownRole => ({
  name,
  label,
  isRequired,
  headings,
})

const TIME = role('time', 'Time', true, /^(time|date|datetime|date_?time|timestamp|day|period|column 1|index)$/)

/** What rows of a kind are made of, and how other programs call it. */
const ROLES: Record<Exclude<Holds, 'run'>, KnownRole[]> = {
  equity: [
    TIME,
    role(
      'equity',
      'Equity',
      true,
      /^(equity|value|balance|nav|net[ _]?liq(uidation)?([ _]value)?|account[ _]value|portfolio[ _]value|total[ _]equity|capital)$/,
    ),
  ],
  returns: [
    TIME,
    role(
      'return',
      'Return',
      true,
      /^(returns?|ret|rets|daily[ _]returns?|strategy[ _]returns?|portfolio[ _]returns?)$/,
    ),
  ],
  trades: [
    role('instrument', 'Instrument', false, /^(instrument|symbol|ticker|asset|pair|column|market)$/),
    role('side', 'Side', false, /^(side|direction|position|type)$/),
    role('quantity', 'Quantity', true, /^(quantity|size|qty|amount|shares|contracts|units)$/),
    role(
      'entry_at',
      'Entry time',
      true,
      /^(entry[ _]?(at|time|date|timestamp|datetime)|open[ _]?(time|date)|opened[ _]?at)$/,
    ),
    role(
      'exit_at',
      'Exit time',
      true,
      /^(exit[ _]?(at|time|date|timestamp|datetime)|close[ _]?(time|date)|closed[ _]?at)$/,
    ),
    role('entry_price', 'Entry price', true, /^((avg[ _])?entry[ _]?price|open[ _]?(price|rate))$/),
    role('exit_price', 'Exit price', true, /^((avg[ _])?exit[ _]?price|close[ _]?(price|rate))$/),
    role('commission', 'Commission', false, /^(commissions?|fees?|entry[ _]fees?|costs?)$/),
    role('exit_commission', 'Commission of the exit', false, /^(exit[ _]fees?|exit[ _]commissions?)$/),
    role('profit', 'Profit after costs', false, /^(profit|pnl|p&l|net[ _]?(profit|pnl)|profit[ _]abs)$/),
    role('status', 'Open or closed', false, /^status$/),
  ],
}

export function rolesOf(holds: Holds): Role[] {
  if (holds === 'run') return []
  return ROLES[holds].map(({ name, label, isRequired }) => ({ name, label, isRequired }))
}

/** Which heading stands for which of our columns, as far as names tell; each heading once. */
export function guessMapping(holds: Holds, columns: readonly string[]): Mapping {
  if (holds === 'run') return {}
  const taken = new Set<string>()
  const mapping: Mapping = {}
  for (const { name, headings } of ROLES[holds]) {
    const found = columns.find((column) => !taken.has(column) && headings.test(column.toLowerCase()))
    if (found === undefined) continue
    taken.add(found)
    mapping[name] = found
  }
  // A series that pandas wrote: an index and one column, whatever they are called.
  const [index, series] = columns
  if (holds !== 'trades' && columns.length === 2 && index !== undefined && series !== undefined) {
    const value = holds === 'equity' ? 'equity' : 'return'
    if (mapping.time === undefined && mapping[value] !== index) mapping.time = index
    if (mapping[value] === undefined && mapping.time === index) mapping[value] = series
  }
  return mapping
}

/** What kind of rows a table has, by its headings alone. */
export function tellRows(columns: readonly string[]): Exclude<Holds, 'run'> {
  const isFull = (holds: Exclude<Holds, 'run'>) => {
    const mapping = guessMapping(holds, columns)
    return rolesOf(holds).every(({ name, isRequired }) => !isRequired || mapping[name] !== undefined)
  }
  if (columns.length > 2 && isFull('trades')) return 'trades'
  const named = (name: Exclude<Holds, 'run'>) => ROLES[name][1]?.headings as RegExp
  if (columns.some((column) => named('equity').test(column.toLowerCase()))) return 'equity'
  if (columns.some((column) => named('returns').test(column.toLowerCase()))) return 'returns'
  return columns.some((column) => /entry|exit/i.test(column)) ? 'trades' : 'equity'
}

/** Whether a heading tells by itself what its column is. */
export function isKnownHeading(heading: string): boolean {
  return Object.values(ROLES).some((roles) => roles.some(({ headings }) => headings.test(heading.toLowerCase())))
}
