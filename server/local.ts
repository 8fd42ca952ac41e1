import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { QueryTypes } from 'sequelize'
import { type ManagedUser, type UserChange, type UserQuery, userQuery } from '../contracts/admin'
import { runtimeFile } from '../contracts/runtime-file'
import { COMMAND_LINE } from './audit/actor'
import { openAudit } from './audit/audit'
import { createAuditKeys, deriveAuditKey } from './audit/keys'
import { openAccounts } from './auth/accounts'
import { type Configuration, readConfig, type ServerSecrets } from './config'
import { openDatabase } from './db/connect'
import type { Database } from './db/database'
import type { KeptKeys } from './headless'
import { lastingSecret } from './lasting-secret'
import { readSettings } from './settings'
import { EXIT, StartError } from './start-error'

export type { KeptKeys } from './headless'

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

/** What is needed to act, and not only to look. */
export interface ActingOptions extends LocalOptions {
  keys: { read(): Promise<KeptKeys> }
  /** Told when there is no key to seal the audit log with. */
  onUnsealed(reason: string): void
}

/** Somebody with a session that can still be used. */
export interface SignedIn {
  email: string
  sessions: number
}

export type Local = Awaited<ReturnType<typeof openLocal>>

/**
 * Opens the accounts without a server: what whoever may read the database file, or knows its password, may do anyway.
 * It makes no database and changes no schema. Servers on the same database learn of every change as from another node.
 *
 * @throws {StartError} there is no database, or it cannot be opened as it is
 */
export async function openLocal(options: ActingOptions) {
  const configuration = readLocalConfiguration(options)
  const database = await openLocalDatabase(configuration)
  try {
    const secrets = await secretsOf(configuration, options)
    const log = pino({ level: 'silent' })
    const audit = openAudit(database, createAuditKeys([deriveAuditKey(lastingSecret(secrets))]), log, Date.now)
    const accounts = await openAccounts(database, configuration.config, secrets, audit, log, Date.now)
    const { administration, factorAdministration, passwordReset } = accounts

    /** @throws {StartError} there is no such account */
    async function getUser(email: string): Promise<ManagedUser> {
      const found = await accounts.users.findByEmail(email)
      if (!found) throw new StartError(EXIT.noUser, `There is no account with the e-mail address ${email}.`)
      return administration.get(found.id)
    }

    return {
      getUser,

      /** Every account that matches, by name. */
      async listUsers(filter: Partial<Pick<UserQuery, 'search' | 'role' | 'status'>>): Promise<ManagedUser[]> {
        const query = userQuery.parse({ ...filter, limit: 100 })
        const users: ManagedUser[] = []
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page = await administration.list(cursor ? { ...query, cursor } : query)
          users.push(...page.users)
          cursor = page.next_cursor
        }
        return users
      },

      /** @throws {AppError} `last_administrator` */
      changeUser: (id: string, change: UserChange) => administration.change(COMMAND_LINE, id, change),

      /** @throws {ValidationError} the password is too short, or one of those guessed first */
      setPassword: (email: string, password: string) => passwordReset.setByOperator(COMMAND_LINE, email, password),

      resetFactors: (id: string) => factorAdministration.reset(COMMAND_LINE, id),

      /** Writes down that a signing key was added, by whoever has this machine's keychain. */
      async recordRotation(keyId: string): Promise<void> {
        const target = { type: 'signing_key' as const, id: keyId }
        await database.write(async (transaction) =>
          audit.record({ action: 'signing_key.rotated', by: COMMAND_LINE, target }, transaction),
        )
      },

      async close(): Promise<void> {
        await accounts.mailSettled()
        await accounts.close()
        await audit.close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Who is signed in. It takes no key, for it changes nothing. @throws {StartError} as `openLocal` */
export async function whoIsSignedIn(options: LocalOptions): Promise<SignedIn[]> {
  const database = await openLocalDatabase(readLocalConfiguration(options))
  try {
    const rows = await database.sequelize.query<{ email: string; sessions: number | string }>(
      `SELECT users.email, COUNT(*) AS sessions FROM sessions JOIN users ON users.id = sessions.user_id
       WHERE sessions.revoked_at IS NULL AND sessions.expires_at > :now GROUP BY users.email ORDER BY users.email`,
      { replacements: { now: new Date() }, type: QueryTypes.SELECT },
    )
    return rows.map(({ email, sessions }) => ({ email, sessions: Number(sessions) }))
  } finally {
    await database.close()
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

/** @throws {StartError} as `openLocal` */
export async function openLocalDatabase({ config, secrets }: Configuration): Promise<Database> {
  if (config.database.dialect === 'sqlite' && !existsSync(config.database.storage))
    throw new StartError(
      EXIT.noInput,
      `There is no database at ${config.database.storage}: start Aurelius once, or name another file with --database.`,
    )
  return openDatabase(config.database, secrets.databasePassword, {
    onProgress: () => undefined,
    onStatement: () => undefined,
    schema: 'as-it-is',
  })
}

/** The server's own where they can be had. Without them everything works but the seal of what is written down. */
async function secretsOf({ secrets }: Configuration, { keys, onUnsealed }: ActingOptions): Promise<ServerSecrets> {
  if (secrets.signingKeys) return { ...secrets, signingKeys: secrets.signingKeys }
  try {
    return { ...secrets, ...(await keys.read()) }
  } catch (error) {
    onUnsealed(error instanceof Error ? error.message : '')
    return { ...secrets, signingKeys: [{ key: randomBytes(32), signsFrom: 0 }] }
  }
}
