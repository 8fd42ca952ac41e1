import {
  type AuditExportStart,
  type AuditFault,
  type AuditHead,
  auditEntry,
  auditExportAltered,
  auditExportEnd,
  auditExportStart,
} from '../../contracts/audit-log'
import { type AuditKeys, NO_KEYS } from './keys'
import { createVerifier, faultAt } from './verifier'

export interface ExportVerification {
  is_intact: boolean
  entries: number
  first_bad: AuditFault | null
  /** Entries whose seal could not be checked, because its key is elsewhere. */
  unchecked_seals: { key_id: string; entries: number }[]
  /** Whether the export holds the whole log; where it holds a part of it, an entry that is missing does not show. */
  is_complete: boolean
  head: AuditHead
}

export interface ExportChecks {
  /** For the seals; without them hashes alone are checked. */
  keys?: Pick<AuditKeys, 'find'>
  /** The head of an earlier export: the log must still hold that entry. */
  earlier?: Pick<AuditHead, 'seq' | 'hash'>
}

/**
 * Checks an export in JSON Lines, without a database or a network.
 *
 * @returns nothing when the file does not begin as an export does
 */
export async function verifyExport(
  lines: Iterable<string> | AsyncIterable<string>,
  { keys = NO_KEYS, earlier }: ExportChecks = {},
): Promise<ExportVerification | undefined> {
  let start: AuditExportStart['audit_export'] | undefined
  let verifier = createVerifier(keys)
  let lastSeq = 0
  let ended = false
  let hashAtEarlier: string | undefined
  for await (const line of lines) {
    if (line.trim() === '') continue
    const content = parsed(line)
    if (!start) {
      start = auditExportStart.safeParse(content).data?.audit_export
      if (!start) return undefined
      verifier = createVerifier(keys, { hasGaps: !start.is_complete, newest: start.fault ? Infinity : start.head.seq })
      if (start.fault) verifier.add(start.fault)
      continue
    }
    const end = auditExportEnd.safeParse(content).data
    ended = end !== undefined
    if (end) continue
    const altered = auditExportAltered.safeParse(content).data
    const entry = altered?.altered_entry ?? auditEntry.safeParse(content).data
    if (!entry) {
      verifier.unreadable()
      continue
    }
    verifier.check(entry, !altered)
    lastSeq = entry.seq
    if (entry.seq === earlier?.seq) hashAtEarlier = entry.hash
  }
  if (!start) return undefined
  verifier.finish(start.head)
  if (!ended) verifier.add(faultAt(lastSeq + 1, 'cut_off'))
  if (earlier && earlier.seq > 0 && start.is_complete && hashAtEarlier !== earlier.hash)
    verifier.add(
      earlier.seq > start.head.seq ? faultAt(start.head.seq + 1, 'cut_off') : faultAt(earlier.seq, 'replaced'),
    )
  return { ...verifier.result(), is_complete: start.is_complete, head: start.head }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
