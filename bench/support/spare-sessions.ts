import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import sqlite3 from 'sqlite3'
import { temporaryFolder } from './temporary-folder'

const TABLES = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE sessions (id TEXT PRIMARY KEY, expires_at TEXT NOT NULL, last_seen_at TEXT);
  CREATE TABLE refresh_tokens (hash TEXT PRIMARY KEY, session_id TEXT NOT NULL, issued_at TEXT NOT NULL, spent_at TEXT, salt TEXT);
  CREATE INDEX by_session ON refresh_tokens (session_id);
  CREATE INDEX by_expiry ON sessions (expires_at);
  INSERT INTO sessions VALUES ('one', '2030', NULL);
  INSERT INTO refresh_tokens VALUES ('first', 'one', '2030', NULL, NULL);`

export interface SpareSessions {
  /** Spends a token, stores the next one and moves its session on, in one transaction. */
  renew(): Promise<void>
  close(): Promise<void>
}

/** What a renewal writes, written by the driver alone: the least that could keep the same as safely. */
export async function openSpareSessions(): Promise<SpareSessions> {
  const file = join(temporaryFolder(), 'spare.db')
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)))
  })
  const execute = (sql: string) =>
    new Promise<void>((resolve, reject) => {
      database.exec(sql, (error) => (error ? reject(error) : resolve()))
    })
  const run = (statement: sqlite3.Statement, ...values: string[]) =>
    new Promise<void>((resolve, reject) => {
      statement.run(values, (error: Error | null) => (error ? reject(error) : resolve()))
    })
  await execute(TABLES)
  const spend = database.prepare('UPDATE refresh_tokens SET spent_at = ?1, salt = ?2 WHERE hash = ?3')
  const store = database.prepare("INSERT INTO refresh_tokens (hash, session_id, issued_at) VALUES (?1, 'one', ?2)")
  const move = database.prepare("UPDATE sessions SET expires_at = ?1, last_seen_at = ?1 WHERE id = 'one'")
  let hash = 'first'

  return {
    async renew() {
      const salt = randomBytes(32).toString('base64url')
      const next = createHash('sha256').update(salt).digest('hex')
      const now = new Date().toISOString()
      await execute('BEGIN IMMEDIATE')
      await run(spend, now, salt, hash)
      await run(store, next, now)
      await run(move, now)
      await execute('COMMIT')
      hash = next
    },
    async close() {
      for (const statement of [spend, store, move]) await new Promise<void>((done) => statement.finalize(() => done()))
      await new Promise<void>((done) => database.close(() => done()))
    },
  }
}
