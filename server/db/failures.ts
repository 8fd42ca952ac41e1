import { AdoptionError } from '../../migrations/migration'
import type { DatabaseConfig } from '../config'
import { EXIT, StartError } from '../start-error'

/** Says in one sentence why a database cannot be opened and what to do; the original error stays as the cause. */
export function explainDatabaseFailure(cause: unknown, config: DatabaseConfig): StartError {
  if (cause instanceof StartError) return cause
  const code = findCode(cause)
  if (cause instanceof AdoptionError)
    return new StartError(
      EXIT.config,
      `${cause.message}, so Aurelius cannot take this database over: choose another one with ${config.dialect === 'sqlite' ? 'DB_STORAGE' : 'DB_NAME'}. Nothing was changed.`,
      { cause },
    )
  const [exitCode, sentence] = config.dialect === 'sqlite' ? explainSqlite(code, config) : explainPostgres(code, config)
  return new StartError(exitCode, sentence, { cause })
}

function explainSqlite(code: string, { storage }: DatabaseConfig & { dialect: 'sqlite' }): [number, string] {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return [
        EXIT.noPermission,
        `The database ${storage} cannot be written: give yourself write access to it and to its folder.`,
      ]
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
    case 'ENOENT':
    case 'SQLITE_CANTOPEN':
      return [
        EXIT.cannotCreate,
        `The database ${storage} cannot be opened or created there: choose a file in a folder you may write with DB_STORAGE.`,
      ]
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return [
        EXIT.config,
        `The database ${storage} is damaged or is no Aurelius database: put a copy from its "backups" folder in its place, or choose another file with DB_STORAGE. Nothing was changed.`,
      ]
    case 'SQLITE_FULL':
    case 'ENOSPC':
    case 'SQLITE_IOERR':
      return [
        EXIT.cannotCreate,
        `The database ${storage} cannot be written because the disk is full or failing: free some space and start again.`,
      ]
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return [EXIT.unavailable, `The database ${storage} is in use by another program: close it and start again.`]
    default:
      return [EXIT.software, `The database ${storage} cannot be opened: look into the log for the reason.`]
  }
}

function explainPostgres(code: string, config: DatabaseConfig & { dialect: 'postgres' }): [number, string] {
  const place = `${config.host}:${config.port}`
  switch (code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case '57P03':
      return [
        EXIT.unavailable,
        `Postgres at ${place} does not answer: check that it runs and that DB_HOST and DB_PORT are right.`,
      ]
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [EXIT.unavailable, `The Postgres host ${config.host} cannot be found: check DB_HOST and your network.`]
    case '28P01':
    case '28000':
      return [
        EXIT.noPermission,
        `Postgres at ${place} refused to sign in ${config.user}: check DB_USER and DB_PASSWORD.`,
      ]
    case '3D000':
      return [EXIT.config, `Postgres at ${place} has no database named ${config.name}: create it, or correct DB_NAME.`]
    case '42501':
      return [
        EXIT.noPermission,
        `The Postgres user ${config.user} may not change the database ${config.name}: grant it CREATE on the schema.`,
      ]
    case '53300':
      return [EXIT.unavailable, `Postgres at ${place} has no free connection: close some clients and start again.`]
    case 'tls':
      return [
        EXIT.config,
        `Postgres at ${place} cannot be reached over TLS: check DB_SSL and the server's certificate.`,
      ]
    default:
      return [EXIT.unavailable, `The Postgres database at ${place} cannot be opened: look into the log for the reason.`]
  }
}

// Class 08 is the connection, 53 resources, 57P the server going away; 57014 is the statement's time limit, 25006 a
// server that turned read-only. https://www.postgresql.org/docs/current/errcodes-appendix.html
const UNAVAILABLE_CODE =
  /^(08...|53...|57P..|57014|25006|55P03|40P01|40001|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|SQLITE_(BUSY|LOCKED|IOERR|FULL|CANTOPEN|READONLY|PROTOCOL))$/
const UNAVAILABLE_NAME = /^Sequelize(Connection|Host|InvalidConnection|AccessDenied|Timeout)/
// pg gives these no code.
const UNAVAILABLE_MESSAGE = /^(Connection terminated|Client (was closed|has encountered)|Query read timeout|timeout e)/

/** Whether a query failed because the database cannot be reached or is too busy, so that it may work in a moment. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (const { name, code, message } of chain(error)) {
    if (typeof name === 'string' && UNAVAILABLE_NAME.test(name)) return true
    if (typeof code === 'string' && UNAVAILABLE_CODE.test(code)) return true
    if (typeof message === 'string' && UNAVAILABLE_MESSAGE.test(message)) return true
  }
  return false
}

/** Whether Postgres ended a transaction for the sake of another (40P01, 40001), so that it may be done again. */
export const isDeadlock = (error: unknown): boolean => hasCode(error, '40P01') || hasCode(error, '40001')

export function hasCode(error: unknown, code: string): boolean {
  for (const link of chain(error)) if (link.code === code) return true
  return false
}

function* chain(error: unknown): Generator<Record<string, unknown>> {
  for (let at = error, depth = 0; at && typeof at === 'object' && depth < 6; depth += 1) {
    const link = at as Record<string, unknown>
    yield link
    at = link.original ?? link.parent ?? link.cause ?? (Array.isArray(link.errors) ? link.errors[0] : undefined)
  }
}

function findCode(error: unknown): string {
  for (const { code, message, original } of chain(error)) {
    if (typeof message === 'string') {
      if (/\b(SSL|TLS|certificate|self.signed)\b/i.test(message)) return 'tls'
      if (/client password must be a/.test(message)) return '28P01'
      if (/timeout/i.test(message) && code === undefined && !original) return 'ETIMEDOUT'
    }
    if (typeof code === 'string') return code
  }
  return ''
}
