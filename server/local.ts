import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { QueryTypes } from 'sequelize'
import { runtimeFile } from '../contracts/runtime-file'
import { type Configuration, readConfig } from './config'
import { openDatabase } from './db/connect'
import { readSettings } from './settings'
import { EXIT, StartError } from './start-error'

/** Whose database to work on: that of the server a person would start, or has running, on this machine. */
export interface LocalOptions {
  environment: NodeJS.ProcessEnv
  workingFolder: string
  /** A folder besides the data folder whose `.env` counts, and before it; `null`: none. */
  settingsFolder: string | null
  dataFolder: string
  version: string
  /** An SQLite file that counts instead of the one in the settings. */
  databaseFile: string | undefined
}

/** Somebody with a session that can still be used. */
export interface SignedIn {
  email: string
  sessions: number
}

export type Local = Awaited<ReturnType<typeof openLocal>>

/**
 * Opens the accounts without a server: what whoever may read the database file, or knows its password, may do anyway.
 * It makes no database and changes no schema.
 *
 * @throws {StartError} there is no database, or it cannot be opened as it is
 */
export async function openLocal(options: LocalOptions) {
  const { config, secrets } = readLocalConfiguration(options)
  if (config.database.dialect === 'sqlite' && !existsSync(config.database.storage))
    throw new StartError(
      EXIT.noInput,
      `There is no database at ${config.database.storage}: start Aurelius once, or name another file with --database.`,
    )
  const database = await openDatabase(config.database, secrets.databasePassword, {
    onProgress: () => undefined,
    onStatement: () => undefined,
    schema: 'as-it-is',
  })
  return {
    async signedIn(): Promise<SignedIn[]> {
      const rows = await database.sequelize.query<{ email: string; sessions: number | string }>(
        `SELECT users.email, COUNT(*) AS sessions FROM sessions JOIN users ON users.id = sessions.user_id
         WHERE sessions.revoked_at IS NULL AND sessions.expires_at > :now GROUP BY users.email ORDER BY users.email`,
        { replacements: { now: new Date() }, type: QueryTypes.SELECT },
      )
      return rows.map(({ email, sessions }) => ({ email, sessions: Number(sessions) }))
    },
    close: () => database.close(),
  }
}

/** The same settings, from the same places, as a server on this machine has. */
export function readLocalConfiguration(options: LocalOptions): Configuration {
  const { environment, workingFolder, settingsFolder, dataFolder, version, databaseFile } = options
  const settings = readSettings(
    environment,
    [settingsFolder, dataFolder].flatMap((folder) => (folder === null ? [] : [join(folder, '.env')])),
  )
  if (databaseFile !== undefined)
    Object.assign(settings, { DB_DIALECT: 'sqlite', DB_STORAGE: resolve(workingFolder, databaseFile) })
  else if (!settings.DB_DIALECT && !settings.DB_STORAGE) Object.assign(settings, storageInUse(dataFolder))
  return readConfig(settings, { version, dataFolder, logFolder: null, rendererFolder: null, portTaken: 'refuse' })
}

/** A running server may have been told its database in an environment that is not this one. */
function storageInUse(dataFolder: string): { DB_STORAGE?: string } {
  try {
    const { database_file: file } = runtimeFile.parse(
      JSON.parse(readFileSync(join(dataFolder, 'runtime.json'), 'utf8')),
    )
    return file ? { DB_STORAGE: file } : {}
  } catch {
    return {}
  }
}
