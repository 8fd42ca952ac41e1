import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { QueryTypes } from 'sequelize'
import { onTestFinished } from 'vitest'
import type { RequestOrigin } from '../../server/audit/actor'
import { openAudit } from '../../server/audit/audit'
import { createAuditKeys, deriveAuditKey } from '../../server/audit/keys'
import { openAccounts } from '../../server/auth/accounts'
import type { AttemptGuard } from '../../server/auth/keys/key-check'
import { openDatabase } from '../../server/db/connect'
import { lastingSecret } from '../../server/lasting-secret'
import type { TestServer } from './start-test-server'

/** Looks an API key up without counting the attempt. */
export const UNLIMITED: AttemptGuard = (_account, lookUp) => lookUp()

type Row = Record<string, unknown>

/** Where a request would come from that no HTTP carries. */
export const HERE: RequestOrigin = { address: '127.0.0.1', userAgent: '', requestId: 'none' }

/** What an administrator's program does: another node on the server's database, without HTTP. */
export async function openBeside({ config, secrets }: Pick<TestServer, 'config' | 'secrets'>) {
  const database = await openDatabase(config.database, secrets.databasePassword, {
    onProgress: () => undefined,
    onStatement: () => undefined,
  })
  const log = pino({ level: 'silent' })
  const audit = openAudit(database, createAuditKeys([deriveAuditKey(lastingSecret(secrets))]), log, Date.now)
  const accounts = await openAccounts(database, config, secrets, audit, log, Date.now)
  const close = async () => {
    await accounts.close()
    await audit.close()
    await database.close()
  }
  onTestFinished(close)
  return {
    database,
    accounts,
    audit,
    users: accounts.users,
    read: (sql: string, replacements: Row = {}) =>
      database.sequelize.query<Row>(sql, { replacements, type: QueryTypes.SELECT }),
    change: (sql: string, replacements: Row = {}) => database.sequelize.query(sql, { replacements }),
  }
}

/** Stops the server and answers what it wrote to its log file: all of it, and line by line. */
export async function readLog(server: Pick<TestServer, 'close' | 'folder'>): Promise<{ text: string; lines: Row[] }> {
  await server.close()
  const text = readFileSync(join(server.folder, 'logs', 'server.log'), 'utf8')
  return {
    text,
    lines: text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  }
}
