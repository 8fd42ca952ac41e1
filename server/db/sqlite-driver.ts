import sqlite3 from 'sqlite3'

// synchronous=FULL: a revoked session or a changed password must not come back after a power cut.
const AT_OPEN = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
`

/** The sqlite3 module as Sequelize wants it, with every connection set up before its first statement. */
export const sqliteDriver = {
  ...sqlite3,
  Database: class extends sqlite3.Database {
    constructor(file: string, mode: number, opened: (error: Error | null) => void) {
      super(file, mode, (error) => {
        if (error) return opened(error)
        this.exec(AT_OPEN, opened)
      })
    }
  },
}

export type SqliteConnection = InstanceType<typeof sqliteDriver.Database>
