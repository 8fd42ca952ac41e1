import sqlite3, { type Statement } from 'sqlite3'

// synchronous=FULL: a revoked session or a changed password must not come back after a power cut.
// docs/decisions/0009-sqlite-one-writer-and-full-sync.md says what it costs.
const AT_OPEN = `
  PRAGMA busy_timeout = 5000;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
`

type Row = Record<string, unknown>
export type Bound = string | number | Buffer | null

export interface SqliteConnection extends sqlite3.Database {
  /** Runs a statement with `$1`, `$2` …, compiled at its first use on this connection. */
  runPrepared(sql: string, values: Bound[]): Promise<Row[]>
}
export type SqliteDriver = ReturnType<typeof createSqliteDriver>

/**
 * The sqlite3 module as Sequelize wants it, for one database: every connection is set up before its first statement,
 * and `allClosed` resolves when the last one has let go of its files, which Sequelize itself does not wait for.
 */
export function createSqliteDriver() {
  const closing = new Set<Promise<void>>()

  class Connection extends sqlite3.Database {
    private closed: Promise<void> | undefined
    private readonly statements = new Map<string, Statement>()

    constructor(file: string, mode: number, opened: (error: Error | null) => void) {
      super(file, mode, (failedToOpen) => {
        if (failedToOpen) return opened(failedToOpen)
        this.exec(AT_OPEN, (failedToSetUp) => {
          if (failedToSetUp) this.close()
          opened(failedToSetUp)
        })
      })
    }

    runPrepared(sql: string, values: Bound[]): Promise<Row[]> {
      return new Promise((resolve, reject) => {
        const statement = this.statements.get(sql) ?? this.compile(sql, reject)
        // all(), not run(): it leaves the statement reset, so that nothing stays open behind it.
        statement.all<Row>(values, (error, rows) => (error ? reject(error) : resolve(rows)))
      })
    }

    private compile(sql: string, onError: (error: Error) => void): Statement {
      const statement = this.prepare(sql.replaceAll(/\$(\d+)/g, '?$1'), (error) => {
        if (!error) return
        this.statements.delete(sql)
        onError(error)
      })
      this.statements.set(sql, statement)
      return statement
    }

    /** Closes once; closing again waits for the same end. */
    override close(callback?: (error: Error | null) => void): void {
      if (this.closed === undefined) {
        for (const statement of this.statements.values()) statement.finalize()
        this.statements.clear()
        const closed = new Promise<void>((resolve) => super.close(() => resolve()))
        this.closed = closed
        closing.add(closed)
        closed.then(() => closing.delete(closed))
      }
      this.closed.then(() => callback?.(null))
    }
  }

  return {
    module: { ...sqlite3, Database: Connection },
    async allClosed(): Promise<void> {
      await Promise.all(closing)
    },
  }
}
