import { z } from 'zod'
import { activityPage, auditExportQuery, auditPage, auditQuery, auditVerification, ownAuditQuery } from './audit-log'
import { messageReply } from './auth'

const NOT_SIGNED_IN = 'No access token, or one that is malformed, expired or revoked'
const BAD_QUERY = 'A parameter of the query is unknown or not valid; `errors` says which'

const AUDIT = { access: 'bearer', scope: 'audit:read' } as const

/** The audit log's part of the API. */
export const auditEndpoints = {
  auditLog: {
    ...AUDIT,
    method: 'get',
    path: '/api/audit',
    summary: 'Read the audit log, newest entry first',
    query: auditQuery,
    reply: auditPage,
    failures: { 401: NOT_SIGNED_IN, 422: BAD_QUERY },
  },
  ownAuditLog: {
    access: 'bearer',
    scope: 'account:read',
    method: 'get',
    path: '/api/audit/mine',
    summary: 'Read what you did, and what was done to your account, newest first',
    query: ownAuditQuery,
    reply: activityPage,
    failures: { 401: NOT_SIGNED_IN, 422: BAD_QUERY },
  },
  exportAuditLog: {
    ...AUDIT,
    method: 'get',
    path: '/api/audit/export',
    summary:
      'Export the audit log, oldest entry first: as JSON Lines, which can be verified elsewhere, or as CSV for a spreadsheet',
    query: auditExportQuery,
    reply: z.string(),
    replyTypes: ['application/jsonl', 'text/csv'],
    failures: { 401: NOT_SIGNED_IN, 422: BAD_QUERY },
  },
  verifyAuditLog: {
    ...AUDIT,
    method: 'post',
    path: '/api/audit/verify',
    summary: 'Check that no entry of the audit log was altered, removed or moved; answers the first bad one',
    reply: auditVerification,
    failures: { 401: NOT_SIGNED_IN },
  },
  acceptAuditLog: {
    ...AUDIT,
    method: 'post',
    path: '/api/audit/accept',
    summary: 'Take the audit log as it is for whole from now on, after a backup was restored',
    fresh: 'always',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN },
  },
} as const
