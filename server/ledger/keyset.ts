import { ValidationError } from '../errors'

/** Where a page ended: the last row's sort value and id. */
export interface Position {
  value: string
  id: string
}

export interface Keyset {
  columns: string
  table: string
  /** Conditions on the rows, beside the partition and the position. */
  conditions: string[]
  /** The column an index of the list begins with, and the values of it that the caller sees. */
  partition: { column: 'workspace_id' | 'strategy_id'; values: string[] }
  sort: { expression: string; descending: boolean }
  after: Position | undefined
  limit: number
}

const MOST_BRANCHES = 32

/**
 * One page by keyset: as many rows as asked for and one more, which tells whether there is another page. Several
 * workspaces are read as a branch each, so that every branch walks its index and stops, and a deep page costs what the
 * first one does. Each row has its sort value as `sort_key`.
 */
export function pageQuery(page: Keyset): { sql: string; replacements: Record<string, unknown> } {
  const { columns, table, conditions, partition, sort, after, limit } = page
  const direction = sort.descending ? 'DESC' : 'ASC'
  const position = after ? [`(${sort.expression}, id) ${sort.descending ? '<' : '>'} (:after_value, :after_id)`] : []
  const branch = (part: string) =>
    `SELECT ${columns}, ${sort.expression} AS sort_key FROM ${table}
     WHERE ${[part, ...conditions, ...position].join(' AND ')}
     ORDER BY ${sort.expression} ${direction}, id ${direction} LIMIT :rows`
  const branches =
    partition.values.length <= MOST_BRANCHES
      ? partition.values.map((_, index) => branch(`${partition.column} = :part_${index}`))
      : [branch(`${partition.column} IN (:parts)`)]
  const sql =
    branches.length === 1
      ? String(branches[0])
      : `${branches.map((one) => `SELECT * FROM (${one}) AS part`).join(' UNION ALL ')}
         ORDER BY sort_key ${direction}, id ${direction} LIMIT :rows`
  return {
    sql,
    replacements: {
      rows: limit + 1,
      parts: partition.values,
      ...Object.fromEntries(partition.values.map((id, index) => [`part_${index}`, id])),
      ...(after ? { after_value: after.value, after_id: after.id } : {}),
    },
  }
}

/** Splits off the row that was read too many, and answers the cursor of the next page. */
export function splitPage<Row extends Record<string, unknown>>(rows: Row[], limit: number, sort: string) {
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return { page, next: last ? toCursor(sort, { value: sortKey(last.sort_key), id: String(last.id) }) : null }
}

// Instants are kept to the millisecond, so this loses nothing of them.
const sortKey = (stored: unknown): string => (stored instanceof Date ? stored.toISOString() : String(stored))

function toCursor(sort: string, { value, id }: Position): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url')
}

const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3}(Z| \+00:00)$/

function isInstant(text: string): boolean {
  const at = Date.parse(text)
  return INSTANT.test(text) && !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text.slice(0, 10)
}

/** @throws {ValidationError} it is no cursor of a list in this order */
export function fromCursor(sort: string, cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined
  try {
    const [madeFor, value, id]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const isValue = typeof value === 'string' && (!sort.endsWith('_at') || isInstant(value))
    if (madeFor === sort && isValue && typeof id === 'string' && !`${value}${id}`.includes('\0')) return { value, id }
  } catch {
    // No JSON: not one of ours either.
  }
  const message = 'The cursor is not one that this list has given: start again without it.'
  throw new ValidationError([{ field: 'cursor', message, code: 'invalid' }])
}

/** A text as a pattern that finds it anywhere; for `LIKE … ESCAPE '!'`. */
export function anywhere(text: string): string {
  return `%${text.replaceAll(/[!%_]/g, '!$&')}%`
}
