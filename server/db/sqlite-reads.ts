import type { Sequelize } from 'sequelize'
import type { Statement } from 'sqlite3'
import { readConnection } from './prepared'
import type { Row } from './select'

const MOST_KEPT = 256

type Bound = string | number | Buffer | null

/**
 * Reads with statements that are compiled once, on Sequelize's own connection for reading. Sequelize writes values into
 * the text and compiles it each time, which costs more than most of these reads themselves.
 */
export function createSqliteReads(sequelize: Sequelize) {
  // The one used longest ago comes first.
  const statements = new Map<string, Promise<Statement>>()

  async function prepare(sql: string): Promise<Statement> {
    const connection = await readConnection(sequelize)
    return new Promise((resolve, reject) => {
      const statement = connection.prepare(sql, (error) => (error ? reject(error) : resolve(statement)))
    })
  }

  function statementFor(sql: string): Promise<Statement> {
    const statement = statements.get(sql) ?? prepare(sql)
    statements.delete(sql)
    statements.set(sql, statement)
    statement.catch(() => statements.delete(sql))
    const [oldest] = statements
    if (oldest && statements.size > MOST_KEPT) {
      statements.delete(oldest[0])
      oldest[1].then(finalize, () => undefined)
    }
    return statement
  }

  return {
    async read(sql: string, values: Record<string, unknown>): Promise<Row[]> {
      const [text, bound] = bind(sql, values)
      const statement = await statementFor(text)
      return new Promise((resolve, reject) => {
        statement.all<Row>(bound, (error, rows) => (error ? reject(error) : resolve(rows)))
      })
    },
    async close(): Promise<void> {
      for (const statement of statements.values()) await statement.then(finalize, () => undefined)
      statements.clear()
    },
  }
}

/** The text with `?1`, `?2` … in place of `:name`, and what is bound to them; a list takes as many as it has members. */
export function bind(sql: string, values: Record<string, unknown>): [text: string, bound: Bound[]] {
  const bound: Bound[] = []
  const places = new Map<string, string>()
  const placeOf = (value: unknown) => `?${bound.push(toBound(value))}`
  const text = sql.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`The statement has no value for :${name}`)
    const place = places.get(name) ?? (Array.isArray(value) ? value.map(placeOf).join(', ') || 'NULL' : placeOf(value))
    places.set(name, place)
    return place
  })
  return [text, bound]
}

/** As Sequelize stores it. */
function toBound(value: unknown): Bound {
  if (value === null || typeof value === 'string' || typeof value === 'number' || Buffer.isBuffer(value)) return value
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', ' +00:00')
  throw new TypeError('A value of a statement is a text, a number, a truth, an instant or bytes')
}

const finalize = (statement: Statement) => new Promise<void>((resolve) => statement.finalize(() => resolve()))
