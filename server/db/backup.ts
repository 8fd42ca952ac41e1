import { chmodSync, mkdirSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import type { Sequelize } from 'sequelize'

/**
 * Keeps a consistent copy of an SQLite database that holds anything, in `backups` beside it, before it is changed.
 *
 * @see https://sqlite.org/lang_vacuum.html#vacuuminto for why this is safe while others write
 */
export async function keepCopy(
  sequelize: Sequelize,
  storage: string,
  onProgress: (step: string) => void,
): Promise<void> {
  if ((await sequelize.getQueryInterface().showAllTables()).length === 0) return
  onProgress('Keeping a copy of the database')
  const folder = join(dirname(storage), 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const moment = new Date().toISOString().replace(/[:.]/g, '-')
  const copy = join(folder, `${basename(storage, extname(storage))}-${moment}${extname(storage) || '.db'}`)
  await sequelize.query('VACUUM INTO :copy', { replacements: { copy } })
  chmodSync(copy, 0o600)
}
