import { type AuditEntry, auditEntry } from '../../contracts/audit'
import { openBeside } from './beside'
import type { TestServer } from './start-test-server'

/** Reads the whole audit log from the database, past the server, oldest first. */
export async function openAuditLog(server: Pick<TestServer, 'config' | 'secrets'>) {
  const beside = await openBeside(server)
  return {
    ...beside,
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
  }
}
