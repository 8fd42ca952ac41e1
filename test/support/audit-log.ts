import { type AuditEntry, auditEntry } from '../../contracts/audit-log'
import { hashOf } from '../../server/audit/chain'
import { openBeside } from './beside'
import type { TestServer } from './start-test-server'
import type { TestClient } from './test-client'

const GUARDS = {
  sqlite: ['audit_log_no_update', 'audit_log_no_delete', 'audit_log_in_order'],
  postgres: ['audit_log_no_change', 'audit_log_no_truncate'],
}

export type AuditLog = Awaited<ReturnType<typeof openAuditLog>>

/** The audit log in the database, read and written past the server. */
export async function openAuditLog(server: Pick<TestServer, 'config' | 'secrets'>) {
  const beside = await openBeside(server)
  const { dialect } = beside.database
  const stored = (entry: AuditEntry): Record<string, unknown> => ({ ...entry, details: JSON.stringify(entry.details) })

  const log = {
    ...beside,

    /** All of it, oldest first. */
    async entries(): Promise<AuditEntry[]> {
      const rows = await beside.read('SELECT * FROM audit_log ORDER BY seq')
      return rows.map((row) =>
        auditEntry.parse({
          ...row,
          seq: Number(row.seq),
          occurred_at: new Date(row.occurred_at as string | Date).toISOString(),
          details: JSON.parse(String(row.details)),
        }),
      )
    },

    /** The entries a piece of work adds. */
    async added(work: () => Promise<unknown>): Promise<AuditEntry[]> {
      const before = (await log.entries()).length
      await work()
      return (await log.entries()).slice(before)
    },

    /** What somebody has to do who may change the schema, before they can change an entry. */
    async removeGuards(): Promise<void> {
      for (const guard of GUARDS[dialect])
        await beside.change(`DROP TRIGGER ${guard}${dialect === 'postgres' ? ' ON audit_log' : ''}`)
    },

    /** Writes an entry over the one of its number, column by column. */
    async overwrite(seq: number, changes: Record<string, unknown>): Promise<void> {
      const columns = Object.keys(changes).map((column) => `${column} = :${column}`)
      await beside.change(`UPDATE audit_log SET ${columns.join(', ')} WHERE seq = :at`, { ...changes, at: seq })
    },

    /** Hashes everything from an entry on anew, as somebody can who has no key. */
    async rehashFrom(seq: number): Promise<void> {
      let previous: string | undefined
      for (const entry of await log.entries()) {
        if (entry.seq >= seq) {
          const next = { ...entry, previous_hash: previous ?? entry.previous_hash }
          next.hash = hashOf(next)
          const { previous_hash, hash } = stored(next)
          await log.overwrite(entry.seq, { previous_hash, hash })
          previous = next.hash
        }
      }
      await beside.change('UPDATE audit_head SET hash = :hash', { hash: previous })
    },
  }
  return log
}

/** Registers somebody and makes them an administrator, whose client has a token that says so. */
export async function signUpAdmin(server: TestServer, { users }: Pick<AuditLog, 'users'>): Promise<TestClient> {
  const admin = await server.signUp('Grace Admin')
  const { id } = (await admin.get('/api/auth/verify')).body.user
  await users.update(id, { role: 'admin' })
  return server.client.login(admin.account)
}
