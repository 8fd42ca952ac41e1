import { z } from 'zod'
import { actorKind, auditOutcome } from './audit'
import { nextCursor, paging } from './paging'
import { accountId } from './text'

/**
 * One entry. `hash` is the SHA-256 of the canonical JSON (RFC 8785) of all fields but `hash` and `mac`; `mac` is an
 * HMAC-SHA-256 of it under the key `key_id`; `previous_hash` is the hash of the entry before.
 */
export const auditEntry = z.strictObject({
  seq: z.int(), // 1, 2, 3 … without a gap
  occurred_at: z.iso.datetime(),
  action: z.string(), // one of `auditActions`, or of a newer version's
  outcome: auditOutcome,
  actor_kind: actorKind,
  actor_id: z.string().nullable(), // who acted: a user id
  credential_id: z.string().nullable(), // through which session or API key
  account_id: z.string().nullable(), // whose account it is about
  target_type: z.string().nullable(),
  target_id: z.string().nullable(),
  address: z.string().nullable(),
  device: z.string().nullable(), // "Firefox on Linux"
  request_id: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  key_id: z.string(),
  previous_hash: z.string(), // in hex, as the other two
  hash: z.string(),
  mac: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntry>

const instant = z.iso.datetime({ offset: true, error: 'Give a time such as 2026-01-31T12:00:00Z.' })
const filters = {
  /** An action, or the part before its dot for all of that kind. */
  action: z
    .string()
    .regex(/^[a-z_]{1,64}(\.[a-z_]{1,64})?$/, 'There is no such action.')
    .optional(),
  outcome: auditOutcome.optional(),
  from: instant.optional(), // this instant and later
  to: instant.optional(), // before this instant
}

export const ownAuditQuery = z.strictObject({ ...paging, ...filters })
export type OwnAuditQuery = z.infer<typeof ownAuditQuery>

const ofUser = { user: accountId.optional() } // who acted, or whose account it is about
export const auditFilters = z.strictObject({ ...filters, ...ofUser })
export type AuditFilters = z.infer<typeof auditFilters>

export const auditQuery = z.strictObject({ ...paging, ...filters, ...ofUser })
export type AuditQuery = z.infer<typeof auditQuery>

/** People as they are called now; who is not in the list has no account any more. */
const people = z.array(z.strictObject({ id: z.string(), name: z.string(), email: z.string() }))

export const auditPage = z.strictObject({
  entries: z.array(auditEntry), // newest first
  people,
  total: z.int().nonnegative().nullable(), // with the first page only
  next_cursor: nextCursor,
})
export type AuditPage = z.infer<typeof auditPage>

/** An entry as the person it is about sees it. */
export const activity = z.strictObject({
  id: z.int(),
  occurred_at: z.iso.datetime(),
  action: z.string(),
  outcome: auditOutcome,
  actor_kind: actorKind,
  is_own: z.boolean(), // whether they did it themselves
  actor_name: z.string().nullable(), // of somebody else who did it
  account_name: z.string().nullable(), // of somebody else whose account it is about
  target_type: z.string().nullable(),
  target_id: z.string().nullable(),
  address: z.string().nullable(), // of their own doings, and of strangers'
  device: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
})
export type Activity = z.infer<typeof activity>

export const activityPage = z.strictObject({
  entries: z.array(activity), // newest first
  total: z.int().nonnegative().nullable(), // with the first page only
  next_cursor: nextCursor,
})
export type ActivityPage = z.infer<typeof activityPage>

export const auditExportFormat = z.enum(['jsonl', 'csv'])
export type AuditExportFormat = z.infer<typeof auditExportFormat>
export const auditExportQuery = auditFilters.extend({ format: auditExportFormat.default('jsonl') })
export type AuditExportQuery = z.infer<typeof auditExportQuery>

/** The end of the chain: `mac` is an HMAC-SHA-256 of its count and hash under the key `key_id`. */
export const auditHead = z.strictObject({
  seq: z.int().nonnegative(), // which is also how many entries there are
  hash: z.string(),
  key_id: z.string(),
  mac: z.string(),
})
export type AuditHead = z.infer<typeof auditHead>

/**
 * What is wrong with an entry: its content is not what was hashed; it is gone; it stands in another place; it does not
 * follow the one before; its seal was made without the key; the newest entries are gone; what the keychain remembers is
 * another one; it cannot be read at all.
 */
export const auditFaultKind = z.enum([
  'altered',
  'removed',
  'reordered',
  'unlinked',
  'forged',
  'cut_off',
  'replaced',
  'unreadable',
])
export type AuditFaultKind = z.infer<typeof auditFaultKind>

export const auditFault = z.strictObject({
  seq: z.int(),
  kind: auditFaultKind,
  message: z.string(), // one sentence for people
})
export type AuditFault = z.infer<typeof auditFault>

/** The first line of an export in JSON Lines; an entry per line follows. */
export const auditExportStart = z.strictObject({
  audit_export: z.strictObject({
    is_complete: z.boolean(), // whether it holds every entry, so that a missing one shows
    head: auditHead,
    exported_at: z.iso.datetime(),
    fault: auditFault.optional(), // what was wrong with the log in the database that its entries do not show
  }),
})
export type AuditExportStart = z.infer<typeof auditExportStart>

/** The line of an entry that is not in the database as it was written: as it is read, and as it is stored. */
export const auditExportAltered = z.strictObject({
  altered_entry: auditEntry,
  stored: z.record(z.string(), z.unknown()),
})
export type AuditExportAltered = z.infer<typeof auditExportAltered>

/** The last line of an export in JSON Lines: without it a part of the file is missing. */
export const auditExportEnd = z.strictObject({ audit_export_end: z.strictObject({ entries: z.int().nonnegative() }) })
export type AuditExportEnd = z.infer<typeof auditExportEnd>

export const auditVerification = z.strictObject({
  is_intact: z.boolean(),
  entries: z.int().nonnegative(), // that were looked at
  first_bad: auditFault.nullable(),
  head: auditHead.pick({ seq: true, hash: true }),
  /** Entries whose seal could not be checked, because its key is elsewhere; their hashes were. */
  unchecked_seals: z.array(z.strictObject({ key_id: z.string(), entries: z.int().positive() })),
  /** Where the end of the chain is remembered outside the database, and up to which entry. */
  mirror: z.strictObject({ place: z.enum(['keychain', 'file', 'none']), seq: z.int().nonnegative().nullable() }),
  verified_at: z.iso.datetime(),
})
export type AuditVerification = z.infer<typeof auditVerification>
