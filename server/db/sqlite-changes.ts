import { randomUUID } from 'node:crypto'
import { watch } from 'node:fs'
import { utimes } from 'node:fs/promises'
import { QueryTypes, type Transaction } from 'sequelize'
import type { DatabaseConfig } from '../config'
import type { ChangeFeed, ChangeListener } from './change-feed'
import type { Database } from './database'

const NAME = 'account_changes'
const LOOK_MS = 500
const THOROUGH_LOOK_MS = 30_000

/**
 * Joins the processes on one SQLite file. A change of an account writes a new mark with it and, once committed, touches
 * the file, which the operating system tells the others. They read the mark, and load everything again where it is not
 * their own. Where nothing is told, as on network drives, they look twice a second.
 */
export async function followSqlite(
  database: Database,
  { storage, lookEveryMs = LOOK_MS }: DatabaseConfig & { dialect: 'sqlite' },
  listener: ChangeListener,
): Promise<ChangeFeed> {
  const { ServerSetting } = database.models
  const readMark = database.prepareRead({
    name: 'account-changes',
    sqlite: 'SELECT value FROM server_settings WHERE name = ?',
    postgres: 'SELECT value FROM server_settings WHERE name = $1',
  })
  const committedMark = async () => String((await readMark([NAME]))?.value ?? '')

  let known = await committedMark()
  let own: { mark: string; before: string } | undefined
  const isKnown = (mark: string) => mark === known || (mark === own?.mark && own.before === known)

  let loaded = await readVersion(database)
  let thoroughly = false
  /** Loads everything again where the mark is another process's, or thoroughly where anything at all was written. */
  async function lookOnce(): Promise<void> {
    const mark = await committedMark()
    const isTold = !isKnown(mark)
    if (isTold || thoroughly) {
      const version = await readVersion(database)
      if (isTold || version !== loaded) await listener.onGap()
      loaded = version
      thoroughly = false
    }
    known = mark
  }

  let looking: Promise<void> | undefined
  let again = false
  async function lookOn(): Promise<void> {
    do {
      again = false
      await lookOnce()
    } while (again)
  }
  function look(): void {
    again = true
    looking ??= lookOn()
      .catch(listener.onTrouble)
      .finally(() => {
        looking = undefined
      })
  }

  const stopWatching = watchFile(storage, look, listener.onTrouble)
  const lookTimer = setInterval(look, lookEveryMs).unref()
  // Another program, or somebody's own SQL, leaves no mark.
  const thoroughTimer = setInterval(() => {
    thoroughly = true
    look()
  }, THOROUGH_LOOK_MS).unref()
  return {
    async announce(_change, transaction: Transaction) {
      const before = (await ServerSetting.findByPk(NAME, { transaction }))?.value ?? ''
      if (isKnown(before)) known = before
      own = { mark: randomUUID(), before }
      await ServerSetting.upsert({ name: NAME, value: own.mark, updatedAt: new Date() }, { transaction })
      transaction.afterCommit(() => touch(storage))
    },
    isCurrent: () => true,
    async close() {
      stopWatching()
      clearInterval(lookTimer)
      clearInterval(thoroughTimer)
      await looking
    },
  }
}

/** Differs after another connection, also one of our own, changed the file. It costs no disk access. */
async function readVersion({ sequelize }: Database): Promise<number | undefined> {
  const [row] = await sequelize.query<{ data_version: number }>('PRAGMA data_version', {
    type: QueryTypes.SELECT,
    logging: false,
  })
  return row?.data_version
}

/** A commit itself shows in the file's journal before it counts, and in the file at some later time. */
function touch(file: string): void {
  const now = new Date()
  utimes(file, now, now).catch(() => undefined)
}

/** Has the operating system tell of changes to a file; answers how to end that. */
function watchFile(file: string, onTouched: () => void, onTrouble: (error: unknown) => void): () => void {
  try {
    const watcher = watch(file, { persistent: false }, onTouched)
    watcher.on('error', (error) => {
      watcher.close()
      onTrouble(error)
    })
    return () => watcher.close()
  } catch (error) {
    onTrouble(error)
    return () => undefined
  }
}
