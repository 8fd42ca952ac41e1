import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { QueryTypes, type Sequelize } from 'sequelize'
import { EXIT, StartError } from '../start-error'

/**
 * Keeps a consistent copy of an SQLite database that holds anything, in `backups` beside it, before it is changed.
 *
 * @throws {StartError} the database is damaged, or there is no room for the copy; nothing was changed
 * @see https://sqlite.org/lang_vacuum.html#vacuuminto for why this is safe while others write
 */
export async function keepCopy(
  sequelize: Sequelize,
  storage: string,
  onProgress: (step: string) => void,
): Promise<void> {
  if ((await sequelize.getQueryInterface().showAllTables()).length === 0) return
  onProgress('Keeping a copy of the database')
  await refuseDamaged(sequelize)
  const folder = join(dirname(storage), 'backups')
  const moment = new Date().toISOString().replace(/[:.]/g, '-')
  const copy = join(folder, `${basename(storage, extname(storage))}-${moment}${extname(storage) || '.db'}`)
  let made = false
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // SQLite fills a file that is there and empty, and this one is private from its first byte.
    closeSync(openSync(copy, 'wx', 0o600))
    made = true
    await sequelize.query('VACUUM INTO :copy', { replacements: { copy } })
  } catch (cause) {
    if (made) rmSync(copy, { force: true })
    throw new StartError(
      EXIT.cannotCreate,
      `No copy of the database could be kept in ${folder}, so it was not updated: make room there and make sure you may write. Nothing was changed.`,
      { cause },
    )
  }
}

async function refuseDamaged(sequelize: Sequelize): Promise<void> {
  const [finding] = await sequelize.query<{ quick_check: string }>('PRAGMA quick_check(1)', { type: QueryTypes.SELECT })
  if (finding?.quick_check === 'ok') return
  throw Object.assign(new Error(`quick_check: ${finding?.quick_check}`), { code: 'SQLITE_CORRUPT' })
}
