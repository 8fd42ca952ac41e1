import { rolesOf, tellRows } from './roles'
import { readTable } from './table'
import type { FormatId, Holds } from './types'

export interface Detection {
  format: FormatId
  holds: Holds
}

/**
 * Tells what a file is from its beginning; some tens of KiB are enough.
 *
 * @returns nothing for a file that none of the formats is known to write
 * @throws {UnreadableFile} a table whose heading cannot be read
 */
export function detectFormat(name: string, head: string): Detection | undefined {
  const start = head.replace(/^\ufeff/, '').trimStart()
  if (/\.zip$/i.test(name) || start.startsWith('PK\u0003\u0004')) return undefined
  if (start.startsWith('{')) return detectJson(start)
  if (start.startsWith('[') || start === '') return undefined
  const { columns } = readTable(start, 0)
  return columns.length < 2 ? undefined : detectTable(columns)
}

export function detectTable(columns: readonly string[]): Detection {
  const has = (...names: string[]) => names.every((name) => columns.includes(name))
  if (has('Equity', 'DrawdownPct')) return { format: 'backtesting-py', holds: 'equity' }
  if (has('EntryBar', 'ExitBar', 'EntryPrice', 'PnL')) return { format: 'backtesting-py', holds: 'trades' }
  if (has('Avg Entry Price', 'Avg Exit Price', 'Direction')) return { format: 'vectorbt', holds: 'trades' }
  const holds = tellRows(columns)
  return { format: holds === 'returns' ? 'returns' : 'csv', holds }
}

function detectJson(start: string): Detection | undefined {
  if (/"(rollingWindow|totalPerformance|Strategy Equity|algorithmConfiguration)"/i.test(start))
    return { format: 'lean', holds: 'run' }
  if (/^\{\s*"(strategy|metadata|strategy_comparison)"\s*:/.test(start)) return { format: 'freqtrade', holds: 'run' }
  return undefined
}

/** The columns that are not to be had from the file. */
export function missingRoles(holds: Holds, mapping: Partial<Record<string, string>>): string[] {
  return rolesOf(holds)
    .filter(({ name, isRequired }) => isRequired && mapping[name] === undefined)
    .map(({ label }) => label)
}
