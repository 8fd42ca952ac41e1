import type { Client } from 'pg'
import type { Sequelize } from 'sequelize'
import type { Statement } from 'sqlite3'
import type { PreparedRead } from './database'
import type { SqliteConnection } from './sqlite-driver'

interface ConnectionManager<Connection> {
  getConnection(options: { type: 'read' }): Promise<Connection>
  releaseConnection(connection: Connection): void
}

type Row = Record<string, unknown>

/** Sequelize's own SQLite connection for whatever is no transaction. */
export function readConnection(sequelize: Sequelize): Promise<SqliteConnection> {
  return connections<SqliteConnection>(sequelize).getConnection({ type: 'read' })
}

/** Compiles a SELECT once on Sequelize's own SQLite connection. */
export function prepareSqlite(sequelize: Sequelize, sql: string): PreparedRead & { finalize(): Promise<void> } {
  let prepared: Promise<Statement> | undefined
  const prepare = async () => {
    const connection = await readConnection(sequelize)
    return new Promise<Statement>((resolve, reject) => {
      const statement = connection.prepare(sql, (error) => (error ? reject(error) : resolve(statement)))
    })
  }
  const read = async (values: string[]) => {
    prepared ??= prepare().catch((error) => {
      prepared = undefined
      throw error
    })
    const statement = await prepared
    // all(), not get(): it leaves the statement reset, so that no read transaction stays open behind it.
    return new Promise<Row | undefined>((resolve, reject) => {
      statement.all<Row>(values, (error, rows) => (error ? reject(error) : resolve(rows[0])))
    })
  }
  const finalize = async () => {
    const statement = await prepared?.catch(() => undefined)
    if (statement) await new Promise<void>((resolve) => statement.finalize(() => resolve()))
  }
  return Object.assign(read, { finalize })
}

/** Runs a SELECT as a named statement, which Postgres parses once per connection. */
export function preparePostgres(sequelize: Sequelize, name: string, sql: string): PreparedRead {
  return async (values) => {
    const connection = await connections<Client>(sequelize).getConnection({ type: 'read' })
    try {
      const { rows } = await connection.query<Row>({ name, text: sql, values })
      return rows[0]
    } finally {
      connections<Client>(sequelize).releaseConnection(connection)
    }
  }
}

// Sequelize's types leave out what its connection manager hands out.
function connections<Connection>(sequelize: Sequelize): ConnectionManager<Connection> {
  return sequelize.connectionManager as unknown as ConnectionManager<Connection>
}
