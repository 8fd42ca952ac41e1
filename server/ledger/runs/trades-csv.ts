import { csvRecord } from '../../audit/csv'
import type { Principal } from '../../auth/principal'
import type { Curves } from './curves'

const COLUMNS = [
  'instrument',
  'quantity',
  'entry_at',
  'exit_at',
  'entry_price',
  'exit_price',
  'commission',
  'profit',
] as const
const AT_ONCE = 1_000

/** All trades of a run in the order of recording, by the names that a run is recorded with: RFC 4180, a page at a time. */
export async function* tradesAsCsv(curves: Curves, principal: Principal, id: string): AsyncGenerator<string> {
  yield csvRecord([...COLUMNS])
  let cursor: string | undefined
  do {
    const page = await curves.trades(principal, id, { limit: AT_ONCE, sort: 'index', cursor })
    yield page.trades.map((trade) => csvRecord(COLUMNS.map((column) => trade[column]))).join('')
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
}
