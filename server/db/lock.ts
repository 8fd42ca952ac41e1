import { closeSync, openSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { QueryTypes, type Sequelize } from 'sequelize'
import type { Database } from 'sqlite3'
import type { DatabaseConfig } from '../config'
import { EXIT, StartError } from '../start-error'

const ADVISORY_LOCK = 4_175_236_981 // an arbitrary number that only Aurelius takes
const RETRY_MS = 250
const LIMIT_MS = 120_000

interface MigrationLock {
  tryToTake(): Promise<boolean>
  release(): Promise<void>
}

/**
 * Runs work while no other process migrates this database: under an advisory lock on Postgres, under the lock of a
 * small file beside an SQLite database. Both end with their process, so a crash leaves no lock behind.
 *
 * @throws {StartError} another process kept the lock for two minutes
 */
export async function withMigrationLock(
  sequelize: Sequelize,
  config: DatabaseConfig,
  onProgress: (step: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  const lock = config.dialect === 'sqlite' ? await fileLock(`${config.storage}.lock`) : await advisoryLock(sequelize)
  try {
    await take(lock, onProgress)
    await work()
  } finally {
    await lock.release()
  }
}

async function take(lock: MigrationLock, onProgress: (step: string) => void): Promise<void> {
  if (await lock.tryToTake()) return
  onProgress('Waiting for another Aurelius to update the database')
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; ) {
    await wait(RETRY_MS)
    if (await lock.tryToTake()) return
  }
  throw new StartError(
    EXIT.unavailable,
    'Another Aurelius is still updating this database: wait for it to finish, then start again.',
  )
}

const damagedLock = (file: string, cause: Error) =>
  new StartError(
    EXIT.config,
    `The file ${file}, which holds nothing but a lock, is damaged: delete it and start again. The database is as it was.`,
    { cause },
  )

async function advisoryLock(sequelize: Sequelize): Promise<MigrationLock> {
  const transaction = await sequelize.transaction()
  return {
    async tryToTake() {
      const [reply] = await sequelize.query<{ locked: boolean }>('SELECT pg_try_advisory_xact_lock(:key) AS locked', {
        replacements: { key: ADVISORY_LOCK },
        type: QueryTypes.SELECT,
        transaction,
      })
      return reply?.locked === true
    },
    // A connection that was lost has released its locks, and why it was lost is the failure to report.
    release: () => transaction.rollback().catch(() => undefined),
  }
}

async function fileLock(file: string): Promise<MigrationLock> {
  closeSync(openSync(file, 'a', 0o600))
  const { default: sqlite3 } = await import('sqlite3')
  const database = await new Promise<Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)))
  })
  return {
    tryToTake: () =>
      new Promise((resolve, reject) => {
        database.exec('BEGIN EXCLUSIVE', (error) => {
          if (!error) return resolve(true)
          const { code } = error as NodeJS.ErrnoException
          if (code === 'SQLITE_BUSY') return resolve(false)
          reject(code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT' ? damagedLock(file, error) : error)
        })
      }),
    release: () => new Promise((resolve) => database.close(() => resolve())),
  }
}
