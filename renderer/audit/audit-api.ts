import type { AuditOutcome } from '../../contracts/audit'
import { type AuditExportFormat, activityPage, auditPage, auditVerification } from '../../contracts/audit-log'
import { messageReply } from '../../contracts/auth'
import { call, fetchFile, LONG_MS } from '../api'

/** What the log is filtered by; what is empty does not filter. */
export interface AuditFilter {
  action: string
  outcome: AuditOutcome | ''
  user: string
  from: string // an instant
  to: string
}

/** What the pages ask of the server about the audit log. */
export const auditApi = {
  list: (token: string, filter: AuditFilter, cursor: string | null, signal?: AbortSignal) =>
    call(`/api/audit?${parameters({ ...filter, cursor, limit: '25' })}`, auditPage, { token, signal }),
  listOwn: (token: string, cursor: string | null, signal?: AbortSignal) =>
    call(`/api/audit/mine?${parameters({ cursor, limit: '10' })}`, activityPage, { token, signal }),
  verify: (token: string) =>
    call('/api/audit/verify', auditVerification, { method: 'POST', token, timeLimitMs: LONG_MS }),
  accept: (token: string) => call('/api/audit/accept', messageReply, { method: 'POST', token }),
  export: (token: string, filter: AuditFilter, format: AuditExportFormat) =>
    fetchFile(`/api/audit/export?${parameters({ ...filter, format })}`, { token, timeLimitMs: LONG_MS }),
}

function parameters(values: Record<string, string | null>): string {
  return new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  ).toString()
}
