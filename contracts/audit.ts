import { z } from 'zod'
import { factorKind, proofMethod, secondFactorMethod } from './factors'
import { keyActions } from './key-audit'
import { ledgerActions, ledgerTargets } from './ledger-audit'
import { role } from './scopes'

export const auditOutcome = z.enum(['success', 'failure'])
export type AuditOutcome = z.infer<typeof auditOutcome>

/** By what right somebody acts. `anonymous`: nobody has proved who they are. */
export const actorKind = z.enum(['user', 'api_key', 'command_line', 'server', 'anonymous'])
export type ActorKind = z.infer<typeof actorKind>

/** What an entry may be about. */
export const auditTarget = z.enum(['user', 'session', 'signing_key', 'invitation', 'api_key', ...ledgerTargets])
export type AuditTarget = z.infer<typeof auditTarget>

// How many more like it were left out of the log, so that nobody fills the disk by failing.
const repeated = z.int().positive().optional()

/**
 * Every action the audit log knows, with the details an entry may carry. Details are numbers, ids, and words of a fixed
 * list: nothing a person typed goes in unless its field says so, and a secret never.
 */
export const auditActions = {
  'account.registered': z.strictObject({ reason: z.enum(['email_taken']).optional(), repeated }),
  'account.password_changed': z.strictObject({ reason: z.enum(['wrong_password']).optional(), repeated }),
  'account.password_reset_requested': z.strictObject({}),
  'account.password_reset_link_made': z.strictObject({}),
  'account.password_reset': z.strictObject({}),
  'account.email_verified': z.strictObject({}),
  'account.email_change_requested': z.strictObject({ reason: z.enum(['wrong_password']).optional(), repeated }),
  'account.email_changed': z.strictObject({ confirmed: z.enum(['both_addresses', 'password']) }),
  'account.renamed': z.strictObject({}),
  'account.data_downloaded': z.strictObject({}),
  'account.deleted': z.strictObject({ reason: z.enum(['wrong_password']).optional(), repeated }),
  'user.role_changed': z.strictObject({ from: role, to: role }),
  'user.activated': z.strictObject({}),
  'user.deactivated': z.strictObject({}),
  'user.sessions_ended': z.strictObject({ sessions: z.int().nonnegative() }),
  'user.unlocked': z.strictObject({}),
  'setup.completed': z.strictObject({}),
  'setup.refused': z.strictObject({ repeated }),
  'invitation.created': z.strictObject({ role }),
  'invitation.revoked': z.strictObject({}),
  'invitation.accepted': z.strictObject({ role }),
  'session.signed_in': z.strictObject({
    reason: z.enum(['unknown_account', 'wrong_password', 'account_inactive', 'wrong_code', 'wrong_passkey']).optional(),
    second_factor: secondFactorMethod.optional(), // what was shown besides the password
    repeated,
  }),
  'session.proved': z.strictObject({
    method: proofMethod.optional(),
    reason: z.enum(['wrong_password', 'wrong_code', 'wrong_passkey']).optional(),
    repeated,
  }),
  'session.signed_out': z.strictObject({}),
  'session.revoked': z.strictObject({}),
  'session.others_revoked': z.strictObject({ sessions: z.int().nonnegative() }),
  'session.refresh_token_reused': z.strictObject({}),
  'session.renewal_refused': z.strictObject({ reason: z.enum(['no_proof', 'wrong_proof']), repeated }),
  'factor.begun': z.strictObject({ factor: factorKind }),
  'factor.confirmed': z.strictObject({ factor: factorKind, repeated }),
  'factor.removed': z.strictObject({ factor: factorKind }),
  'factor.recovery_codes_replaced': z.strictObject({}),
  'factor.reset': z.strictObject({}),
  'server.second_factor_required': z.strictObject({ required: z.boolean() }),
  'signing_key.rotated': z.strictObject({}), // about the new one
  'signing_key.destroyed': z.strictObject({}),
  ...keyActions,
  ...ledgerActions,
  'limit.reached': z.strictObject({ policy: z.string().max(64), repeated }),
  'audit.verified': z.strictObject({ entries: z.int().nonnegative(), first_bad: z.int().optional() }),
  'audit.end_accepted': z.strictObject({ entries: z.int().nonnegative(), remembered: z.int().optional() }),
  'audit.exported': z.strictObject({ format: z.enum(['jsonl', 'csv']) }),
  'audit.failures_left_out': z.strictObject({ entries: z.int().positive() }),
} as const satisfies Record<string, z.ZodType>
export type AuditAction = keyof typeof auditActions
export type AuditDetails<Action extends AuditAction> = z.output<(typeof auditActions)[Action]>
