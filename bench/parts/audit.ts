import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Transaction } from 'sequelize'
import { signedIn } from '../../server/audit/actor'
import { type Audit, openAudit } from '../../server/audit/audit'
import { createAuditKeys } from '../../server/audit/keys'
import { openDatabase } from '../../server/db/connect'
import type { Database } from '../../server/db/database'
import type { Result } from '../support/report'
import { compare, interleave } from '../support/statistics'
import { temporaryFolder } from '../support/temporary-folder'

const ROUNDS = 7
const WRITES = 150
const ENTRIES_BEFORE = 20_000
const ORIGIN = { address: '127.0.0.1', userAgent: 'Firefox/140.0 (X11; Linux x86_64)', requestId: randomUUID() }

/** What an entry of the audit log adds to the transaction it is in, and to one that makes many changes. */
export async function audit(): Promise<Result[]> {
  const storage = join(temporaryFolder(), 'aurelius.db')
  const hooks = { onProgress: () => undefined, onStatement: () => undefined }
  const database = await openDatabase({ dialect: 'sqlite', storage, echo: false }, undefined, hooks)
  const log = openAudit(database, createAuditKeys([randomBytes(32)]), pino({ level: 'silent' }), Date.now)
  await fill(database, log)

  const results = [
    await heldAgainst(database, log, 1, 'one change and its entry, SQLite', 1.5),
    await heldAgainst(database, log, 20, '20 changes and their entries, SQLite', 3),
  ]
  await log.close()
  await database.close()
  return results
}

/** An entry costs what it does in a log that is not empty. */
async function fill(database: Database, log: Audit): Promise<void> {
  for (let written = 0; written < ENTRIES_BEFORE; written += 500)
    await database.write(async (transaction) => {
      for (let entry = 0; entry < 500; entry += 1) record(log, randomUUID(), transaction)
    })
}

async function heldAgainst(
  database: Database,
  log: Audit,
  changes: number,
  what: string,
  atMost: number,
): Promise<Result> {
  const pairs = await interleave(
    ROUNDS,
    () => millisecondsPerWrite(database, changes, log),
    () => millisecondsPerWrite(database, changes),
  )
  return { what, ...compare(pairs), comparedWith: 'the same without entries', unit: 'ms', target: { atMost } }
}

async function millisecondsPerWrite(database: Database, changes: number, log?: Audit): Promise<number> {
  const writes = Math.ceil(WRITES / changes)
  const begun = performance.now()
  for (let turn = 0; turn < writes; turn += 1)
    await database.write(async (transaction) => {
      for (let change = 0; change < changes; change += 1) {
        const { id } = await database.models.Session.create(
          { userId: null, createdAt: new Date(), expiresAt: new Date(), address: ORIGIN.address },
          { transaction },
        )
        if (log) record(log, id, transaction)
      }
    })
  return (performance.now() - begun) / writes
}

function record(log: Audit, id: string, transaction: Transaction): void {
  log.record(
    { action: 'session.signed_in', by: signedIn(id, id, ORIGIN), target: { type: 'session', id } },
    transaction,
  )
}
