import type { AuditEntry, AuditFault, AuditFaultKind, AuditHead } from '../../contracts/audit-log'
import { FIRST_HASH, hashOf, headMacOf, macOf } from './chain'
import type { AuditKeys } from './keys'

const SENTENCES: Record<AuditFaultKind, (seq: number) => string> = {
  altered: (seq) => `Entry ${seq} was altered after it was written.`,
  removed: (seq) => `Entry ${seq} is missing.`,
  reordered: (seq) => `Entry ${seq} is not in its place.`,
  unlinked: (seq) => `Entry ${seq} does not follow the one before it: an earlier entry was exchanged.`,
  forged: (seq) => `Entry ${seq} was not sealed with the key it names.`,
  cut_off: (seq) => `Entry ${seq} and those after it are missing: the newest entries were cut off.`,
  replaced: (seq) => `Entry ${seq} is not the one that is remembered outside the log.`,
  unreadable: (seq) => `Entry ${seq} cannot be read.`,
}

export const faultAt = (seq: number, kind: AuditFaultKind): AuditFault => ({ seq, kind, message: SENTENCES[kind](seq) })

/** For a number that the log has not given. */
export const strayAt = (seq: number): AuditFault => ({
  seq,
  kind: 'reordered',
  message: `Entry ${seq} is none of the log's own: the log has not given that number.`,
})

export type Verifier = ReturnType<typeof createVerifier>

/**
 * Checks entries one by one, in the order of the chain: each has the next number, is what was hashed, follows the one
 * before, and bears a seal of its key where that key is at hand. Only the first fault counts.
 *
 * @param options.hasGaps whether entries may have been left out on purpose; then none that is missing shows
 * @param options.newest the number of the newest entry there can be
 */
export function createVerifier(keys: Pick<AuditKeys, 'find'>, { hasGaps = false, newest = Infinity } = {}) {
  const unchecked = new Map<string, number>()
  let fault: AuditFault | undefined
  let last = { seq: 0, hash: FIRST_HASH }
  let entries = 0

  /** Whether a seal is right, as far as its key is at hand. */
  function isSealed(keyId: string, mac: string, macWith: (key: NonNullable<ReturnType<AuditKeys['find']>>) => string) {
    const key = keys.find(keyId)
    return key ? macWith(key) === mac : undefined
  }

  function findFault(entry: AuditEntry, isAsWritten: boolean): AuditFault | undefined {
    const { seq, hash, previous_hash: previous, key_id: keyId, mac } = entry
    if (seq < 1 || (seq > newest && (hasGaps || last.seq >= newest))) return strayAt(seq)
    if (seq <= last.seq) return faultAt(seq, 'reordered')
    if (seq !== last.seq + 1 && !hasGaps) return faultAt(last.seq + 1, 'removed')
    if (!isAsWritten || !isHash(entry)) return faultAt(seq, 'altered')
    if (seq === last.seq + 1 && previous !== last.hash) return faultAt(seq, 'unlinked')
    const sealed = isSealed(keyId, mac, (key) => macOf(key, hash))
    if (sealed === undefined) unchecked.set(keyId, (unchecked.get(keyId) ?? 0) + 1)
    return sealed === false ? faultAt(seq, 'forged') : undefined
  }

  return {
    /** @param isAsWritten whether it was stored as the log stores it, which its content does not tell */
    check(entry: AuditEntry, isAsWritten = true): void {
      entries += 1
      // What is missing may turn up later: then it is in the wrong place.
      if (fault?.kind === 'removed' && entry.seq === fault.seq && entry.seq <= last.seq)
        fault = faultAt(entry.seq, 'reordered')
      fault ??= findFault(entry, isAsWritten)
      last = { seq: entry.seq, hash: entry.hash }
    },

    /** Something that should be an entry and is not. */
    unreadable(): void {
      entries += 1
      fault ??= faultAt(last.seq + 1, 'unreadable')
    },

    /** Holds the end of what was checked against the end of the chain. */
    finish(head: AuditHead): void {
      if (fault || hasGaps) return
      if (head.seq > last.seq) fault = faultAt(last.seq + 1, 'cut_off')
      else if (head.seq < last.seq) fault = faultAt(head.seq + 1, 'forged')
      else if (head.hash !== last.hash) fault = faultAt(last.seq, 'replaced')
      else if (head.seq > 0 && isSealed(head.key_id, head.mac, (key) => headMacOf(key, head)) === false)
        fault = faultAt(head.seq + 1, 'cut_off')
    },

    /** Adds a fault that is found elsewhere; the one that comes first in the chain counts. */
    add(other: AuditFault): void {
      if (!fault || other.seq < fault.seq) fault = other
    },

    result: () => ({
      is_intact: fault === undefined,
      entries,
      first_bad: fault ?? null,
      unchecked_seals: [...unchecked].map(([key_id, count]) => ({ key_id, entries: count })),
    }),
  }
}

/** What canonical JSON cannot say was never hashed. */
function isHash(entry: AuditEntry): boolean {
  try {
    return hashOf(entry) === entry.hash
  } catch {
    return false
  }
}
