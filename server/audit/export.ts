import type { AuditEntry, AuditExportEnd, AuditExportStart, AuditFilters } from '../../contracts/audit-log'
import { canonicalJson } from '../canonical-json'
import type { Database } from '../db/database'
import { readPage } from './audit-query'
import { csvRecord } from './csv'
import { AUDIT_COLUMNS, toEntry } from './entries'
import { readHead } from './verify-log'

const CHUNK = 500

/** JSON Lines: what the export is, an entry per line, and how many there were. `verifyExport` checks it. */
export async function* exportJsonLines(
  database: Database,
  filters: AuditFilters,
  now: () => number,
): AsyncGenerator<string> {
  const head = await readHead(database)
  const is_complete = Object.values(filters).every((value) => value === undefined)
  const exported_at = new Date(now()).toISOString()
  yield line({ audit_export: { is_complete, head, exported_at } } satisfies AuditExportStart)
  let count = 0
  for await (const entries of readChunks(database, filters, head.seq)) {
    count += entries.length
    yield entries.map(line).join('')
  }
  yield line({ audit_export_end: { entries: count } } satisfies AuditExportEnd)
}

/** A table for a spreadsheet, with the names of the fields as its first record. */
export async function* exportCsv(database: Database, filters: AuditFilters): AsyncGenerator<string> {
  const head = await readHead(database)
  yield csvRecord([...AUDIT_COLUMNS])
  for await (const entries of readChunks(database, filters, head.seq)) yield entries.map(record).join('')
}

async function* readChunks(database: Database, filters: AuditFilters, last: number): AsyncGenerator<AuditEntry[]> {
  for (let after = 0; ; ) {
    const rows = await readPage(database, { filters, after, limit: CHUNK })
    const entries = rows.map(toEntry).filter(({ seq }) => seq <= last)
    if (entries.length > 0) yield entries
    if (entries.length < CHUNK) return
    after = entries.at(-1)?.seq ?? last
  }
}

const line = (content: object) => `${canonicalJson(content)}\n`

const record = (entry: AuditEntry) =>
  csvRecord(AUDIT_COLUMNS.map((column) => (column === 'details' ? canonicalJson(entry.details) : entry[column])))
