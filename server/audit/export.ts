import type {
  AuditEntry,
  AuditExportAltered,
  AuditExportEnd,
  AuditExportStart,
  AuditFilters,
} from '../../contracts/audit-log'
import { canonicalJson } from '../canonical-json'
import type { Database } from '../db/database'
import type { Row } from '../db/select'
import { readPage } from './audit-query'
import { csvRecord } from './csv'
import { AUDIT_COLUMNS, isAsWritten, storedValues, toEntry } from './entries'
import { findEndFault, findHead, lastOf, NO_ENTRIES, readStrays } from './log-end'

const CHUNK = 500

/**
 * JSON Lines: what the export is, an entry per line, and how many there were. `verifyExport` checks it, so what is wrong
 * with the log in the database is in it: rows that are not as they were written, and those with numbers of their own.
 */
export async function* exportJsonLines(
  database: Database,
  filters: AuditFilters,
  now: () => number,
): AsyncGenerator<string> {
  const head = await findHead(database)
  const fault = await findEndFault(database, head)
  const is_complete = Object.values(filters).every((value) => value === undefined)
  const exported_at = new Date(now()).toISOString()
  yield line({
    audit_export: { is_complete, head: head ?? NO_ENTRIES, exported_at, ...(fault ? { fault } : {}) },
  } satisfies AuditExportStart)
  const strays = is_complete ? await readStrays(database) : []
  const lineOf = (row: Row) => line(asExported(row, database))
  let count = strays.length
  for (const row of strays.filter(isBeforeFirst)) yield lineOf(row)
  for await (const rows of readChunks(database, filters, lastOf(head))) {
    count += rows.length
    yield rows.map(lineOf).join('')
  }
  yield strays
    .filter((row) => !isBeforeFirst(row))
    .map(lineOf)
    .join('')
  yield line({ audit_export_end: { entries: count } } satisfies AuditExportEnd)
}

/** A table for a spreadsheet, with the names of the fields as its first record. */
export async function* exportCsv(database: Database, filters: AuditFilters): AsyncGenerator<string> {
  const head = await findHead(database)
  yield csvRecord([...AUDIT_COLUMNS])
  for await (const rows of readChunks(database, filters, lastOf(head)))
    yield rows.map((row) => record(toEntry(row))).join('')
}

async function* readChunks(database: Database, filters: AuditFilters, last: number): AsyncGenerator<Row[]> {
  for (let after = 0; ; ) {
    const rows = (await readPage(database, { filters, after, limit: CHUNK })).filter(({ seq }) => Number(seq) <= last)
    if (rows.length > 0) yield rows
    if (rows.length < CHUNK) return
    after = Number(rows.at(-1)?.seq)
  }
}

function asExported(row: Row, { dialect }: Database): AuditEntry | AuditExportAltered {
  const entry = toEntry(row)
  return isAsWritten(row, dialect) ? entry : { altered_entry: entry, stored: storedValues(row) }
}

const isBeforeFirst = ({ seq }: Row) => Number(seq) < 1

const line = (content: object) => `${canonicalJson(content)}\n`

const record = (entry: AuditEntry) =>
  csvRecord(AUDIT_COLUMNS.map((column) => (column === 'details' ? canonicalJson(entry.details) : entry[column])))
