import { auditActions } from '../../contracts/audit'
import type { AuditFilters } from '../../contracts/audit-log'
import type { Database } from '../db/database'
import { type Row, select } from '../db/select'
import { ValidationError } from '../errors'
import { storedColumns } from './entries'

export interface PageOf {
  filters: AuditFilters
  /** Entries before this one, the newest first; or after it, the oldest first. */
  before?: number | undefined
  after?: number
  limit: number
}

/**
 * Some entries in the order of the chain. Entries by somebody and entries about them are two branches of the query, so
 * that each walks its index and stops.
 */
export function readPage(database: Database, { filters, before, after, limit }: PageOf): Promise<Row[]> {
  const { conditions, values } = conditionsOf(database, filters)
  if (before !== undefined) conditions.push('seq < :before')
  if (after !== undefined) conditions.push('seq > :after')
  const columns = storedColumns(database)
  const direction = after === undefined ? 'DESC' : 'ASC'
  const branch = (...more: string[]) => {
    const where = [...more, ...conditions].join(' AND ')
    return `SELECT ${columns} FROM audit_log ${where && `WHERE ${where}`} ORDER BY seq ${direction} LIMIT :limit`
  }
  const sql =
    filters.user === undefined
      ? branch()
      : `SELECT * FROM (SELECT * FROM (${branch('account_id = :user')}) AS about
         UNION SELECT * FROM (${branch('actor_id = :user')}) AS done) AS page ORDER BY seq ${direction} LIMIT :limit`
  return select(database, sql, { ...values, before, after, limit })
}

/** How many entries there are under some filters. */
export async function countEntries(database: Database, filters: AuditFilters): Promise<number> {
  const { conditions, values } = conditionsOf(database, filters)
  if (filters.user !== undefined) conditions.push('(account_id = :user OR actor_id = :user)')
  const where = conditions.join(' AND ')
  const [row] = await select(database, `SELECT COUNT(*) AS entries FROM audit_log ${where && `WHERE ${where}`}`, values)
  return Number(row?.entries)
}

function conditionsOf({ dialect }: Database, { action, outcome, from, to, user }: AuditFilters) {
  // As Sequelize writes an instant into SQLite.
  const stored = (instant: string) => {
    const iso = new Date(instant).toISOString()
    return dialect === 'sqlite' ? iso.replace('T', ' ').replace('Z', ' +00:00') : iso
  }
  const conditions: string[] = []
  const values: Record<string, unknown> = { user }
  const add = (condition: string, name: string, value: unknown) => {
    conditions.push(condition)
    values[name] = value
  }
  if (action?.includes('.')) add('action = :action', 'action', action)
  else if (action) add('action IN (:actions)', 'actions', actionsOf(action))
  if (outcome) add('outcome = :outcome', 'outcome', outcome)
  if (from) add('occurred_at >= :from', 'from', stored(from))
  if (to) add('occurred_at < :to', 'to', stored(to))
  return { conditions, values }
}

/** @throws {ValidationError} there is no kind of that name */
function actionsOf(kind: string): string[] {
  const actions = Object.keys(auditActions).filter((action) => action.startsWith(`${kind}.`))
  if (actions.length > 0) return actions
  throw new ValidationError([{ field: 'action', message: 'There is no such action.', code: 'invalid' }])
}

/** @throws {ValidationError} the cursor is not one that a page ended with */
export function positionOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  if (/^-?\d{1,15}$/.test(cursor)) return Number(cursor)
  const message = 'The cursor is not one that this list has given: start again without it.'
  throw new ValidationError([{ field: 'cursor', message, code: 'invalid' }])
}
