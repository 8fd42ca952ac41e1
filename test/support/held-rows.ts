import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { openSqliteFile } from './sqlite-file'
import type { TestServer } from './start-test-server'

/** A transaction of another program, open until it is told to commit. */
export interface OtherTransaction {
  run(statement: string): Promise<unknown>
  commit(): Promise<unknown>
}

/** Begins one that takes the file's lock on SQLite, or the rows' locks of its first statement on Postgres. */
export async function beginBeside({ config, secrets }: TestServer): Promise<OtherTransaction> {
  if (config.database.dialect === 'sqlite') {
    const file = await openSqliteFile(config.database.storage)
    onTestFinished(file.close)
    await file.run('BEGIN IMMEDIATE')
    return { run: file.run, commit: () => file.run('COMMIT') }
  }
  const { host, port, user, name } = config.database
  const client = new pg.Client({ host, port, user, database: name, password: secrets.databasePassword })
  await client.connect()
  onTestFinished(() => client.end())
  await client.query('BEGIN')
  return { run: (statement) => client.query(statement), commit: () => client.query('COMMIT') }
}

/** Resolves when a number of the server's requests wait for what another transaction holds. */
export async function untilWaiting(server: TestServer, requests = 1): Promise<void> {
  const { database } = server.config
  if (database.dialect === 'sqlite') {
    // Nothing shows who waits for the file, but passwords are checked in the order in which they came.
    for (let turn = 0; turn < requests + 2; turn += 1)
      await server.client.post('/api/auth/login', { email: 'nobody@example.com', password: 'nothing' })
    return
  }
  const { host, port, user, name } = database
  const client = new pg.Client({ host, port, user, database: name, password: server.secrets.databasePassword })
  await client.connect()
  const waiting = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  while ((await client.query<{ n: number }>(waiting)).rows[0]?.n !== requests) await pause(10)
  await client.end()
}
