import type { AuditHead, AuditVerification } from '../../contracts/audit-log'

/** Remembers the end of the chain outside the database, so that it shows when the newest entries are cut off. */
export interface AuditMirror {
  place: Exclude<AuditVerification['mirror']['place'], 'none'>
  /** `null` when nothing is remembered yet. */
  read(): Promise<AuditHead | null>
  write(head: AuditHead): Promise<void>
}
