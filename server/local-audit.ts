import { open } from 'node:fs/promises'
import { pino } from 'pino'
import {
  type AuditExportFormat,
  type AuditHead,
  type AuditVerification,
  auditExportStart,
} from '../contracts/audit-log'
import { exportCsv, exportJsonLines } from './audit/export'
import { type AuditKeys, createAuditKeys, deriveAuditKey, NO_KEYS } from './audit/keys'
import { openMirror } from './audit/mirror'
import { type ExportVerification, verifyExport } from './audit/verify-export'
import { verifyLog } from './audit/verify-log'
import { type AuditHeadStore, fileAuditHeads } from './audit-heads'
import type { Configuration } from './config'
import type { Database } from './db/database'
import { lastingSecret } from './lasting-secret'
import { type KeptKeys, type LocalOptions, openLocalDatabase, readLocalConfiguration } from './local'
import { EXIT, StartError } from './start-error'

export type { ExportVerification } from './audit/verify-export'

/** What checks seals, and what remembers the end of the log, where the server keeps them in a keychain. */
export interface AuditKeychain {
  read(): Promise<KeptKeys>
  auditHeads: AuditHeadStore
}

export interface LocalAuditOptions extends LocalOptions {
  keys: AuditKeychain
  /** Told when there is no key to check seals with. */
  onNoKeys(reason: string): void
}

/**
 * Checks the audit log in the database, without a server and without writing anything.
 *
 * @throws {StartError} there is no database, or it cannot be opened as it is
 */
export function verifyLocalLog(options: LocalAuditOptions): Promise<AuditVerification> {
  return withDatabase(options, async (database, configuration) => {
    const isInSettings = configuration.secrets.signingKeys !== undefined
    const heads = isInSettings ? fileAuditHeads(options.dataFolder) : options.keys.auditHeads
    const log = pino({ level: 'silent' })
    const mirror = openMirror(heads, database, configuration.config.database, log)
    return verifyLog(database, await keysOf(configuration, options), mirror, log, Date.now)
  })
}

/** Writes the whole audit log as text, oldest entry first, without a server. @throws {StartError} as `verifyLocalLog` */
export function exportLocalLog(
  options: LocalOptions,
  format: AuditExportFormat,
  write: (text: string) => Promise<void>,
): Promise<void> {
  return withDatabase(options, async (database) => {
    const text = format === 'csv' ? exportCsv(database, {}) : exportJsonLines(database, {}, Date.now)
    for await (const piece of text) await write(piece)
  })
}

/**
 * Checks an export in JSON Lines by itself: no database, no network.
 *
 * @param earlierFile an export from before: the log must still hold its last entry
 * @throws {StartError} a file cannot be read, or is no export
 */
export async function verifyExportFile(
  file: string,
  options: LocalAuditOptions,
  earlierFile?: string,
): Promise<ExportVerification> {
  const earlier = earlierFile === undefined ? {} : { earlier: await headIn(earlierFile) }
  const keys = await keysOf(readLocalConfiguration(options), options)
  const verification = await readLines(file, (lines) => verifyExport(lines, { keys, ...earlier }))
  return verification ?? refuse(file)
}

function withDatabase<T>(
  options: LocalOptions,
  work: (database: Database, configuration: Configuration) => Promise<T>,
): Promise<T> {
  const configuration = readLocalConfiguration(options)
  return openLocalDatabase(configuration).then((database) =>
    work(database, configuration).finally(() => database.close()),
  )
}

async function keysOf({ secrets }: Configuration, options: LocalAuditOptions): Promise<Pick<AuditKeys, 'find'>> {
  const { signingKeys } = secrets
  try {
    const found = signingKeys ? { ...secrets, signingKeys } : await options.keys.read()
    return createAuditKeys([deriveAuditKey(lastingSecret(found))])
  } catch (error) {
    options.onNoKeys(error instanceof Error ? error.message : '')
    return NO_KEYS
  }
}

async function headIn(file: string): Promise<AuditHead> {
  const first = await readLines(file, async (lines) => {
    for await (const line of lines) return line
    return ''
  })
  try {
    return auditExportStart.parse(JSON.parse(first)).audit_export.head
  } catch {
    return refuse(file)
  }
}

async function readLines<T>(file: string, work: (lines: AsyncIterable<string>) => Promise<T>): Promise<T> {
  const opened = await open(file).catch((cause) => {
    throw new StartError(EXIT.noInput, `The file ${file} cannot be read.`, { cause })
  })
  try {
    return await work(opened.readLines())
  } finally {
    await opened.close()
  }
}

function refuse(file: string): never {
  throw new StartError(EXIT.data, `The file ${file} is no export of an audit log in JSON Lines.`)
}
