import sqlite3 from 'sqlite3'

export type SqliteRow = Record<string, unknown>

export interface SqliteFile {
  run(script: string): Promise<void>
  all(query: string, ...values: unknown[]): Promise<SqliteRow[]>
  close(): Promise<void>
}

/** Opens a file with the driver alone, as any other program would. */
export async function openSqliteFile(file: string): Promise<SqliteFile> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)))
  })
  return {
    run: (script) =>
      new Promise((resolve, reject) => {
        database.exec(script, (error) => (error ? reject(error) : resolve()))
      }),
    all: (query, ...values) =>
      new Promise((resolve, reject) => {
        database.all<SqliteRow>(query, values, (error, rows) => (error ? reject(error) : resolve(rows)))
      }),
    close: () =>
      new Promise((resolve, reject) => {
        database.close((error) => (error ? reject(error) : resolve()))
      }),
  }
}

/** Makes a file with what a script puts into it. */
export async function makeSqliteFile(file: string, script: string): Promise<void> {
  const database = await openSqliteFile(file)
  await database.run(script)
  await database.close()
}
