import { z } from 'zod'
import { signInChallenge } from './factors'

/** Stable codes that clients branch on. A code is never renamed and never reused. */
export const errorCode = z.enum([
  'invalid_request', // 400: the body is not JSON, or not UTF-8; 400, 408, 431: the request is not readable HTTP
  'email_taken', // 400
  'link_invalid', // 400: a link that has expired or was used
  'wrong_password', // 400: the current password of a password change
  'invitation_invalid', // 400: unknown, used, revoked, expired, or for another address
  'wrong_passkey', // 400: it signed for something else, or it is not known here
  'wrong_code', // 400: of an authenticator app, used already, or no recovery code that is left
  'not_authenticated', // 401: no credential was sent
  'invalid_token', // 401: malformed, forged, expired or revoked
  'invalid_dpop_proof', // 401: missing, not right or shown before; a new one may count, of the time in `Date`
  'invalid_credentials', // 401: unknown user or wrong password
  'second_factor_required', // 401: the password is right; see `second_factor`
  'challenge_expired', // 401: the second step came too late, after too many wrong codes, or twice
  'account_inactive', // 403
  'second_factor_enrolment_required', // 403: everybody must have a second factor; set one up first
  'fresh_proof_required', // 403: prove to be there at /api/auth/step-up, then try again
  'insufficient_scope', // 403: neither the role nor the key of the caller includes what this takes
  'registration_closed', // 403
  'invitation_required', // 403
  'wrong_setup_code', // 403
  'address_not_allowed', // 403: the API key is not accepted from here
  'origin_not_allowed', // 403: a page of another origin
  'workspace_read_only', // 403: you may read this workspace, not change it
  'not_found', // 404
  'method_not_allowed', // 405
  'already_set_up', // 409: the first administrator is made only while nobody has an account
  'factor_exists', // 409
  'factor_required', // 409: everybody must have one
  'factor_unreadable', // 409: the key that protects the authenticator's secret is not on this computer
  'passkeys_unavailable', // 409: the address of the page has no name, or no HTTPS
  'factor_unavailable', // 409: the server has no key that lasts
  'mail_not_configured', // 409
  'last_administrator', // 409: nobody else could manage accounts
  'workspace_owner', // 409: others are in a workspace of theirs; it has to be handed over first
  'signing_key_is_setting', // 409
  'rotation_under_way', // 409: a new signing key begins in a moment
  'run_finished', // 409: the run is completed or failed, and does not change any more
  'strategy_archived', // 409: it is not evaluated or promoted before it is restored
  'not_promotable', // 409: the gate has not passed, somebody decided already, or the caller is an author
  'offset_conflict', // 409: the rows do not follow those that are stored; ask for the run's progress
  'key_limit_reached', // 409: revoke an API key before you make another one
  'body_too_large', // 413
  'unsupported_media_type', // 415
  'host_not_allowed', // 421: the Host header names somebody else
  'validation_failed', // 422: see `errors`
  'too_many_requests', // 429: try again after Retry-After seconds
  'internal_error', // 500
  'keychain_unavailable', // 503
  'busy', // 503: try again after Retry-After seconds
  'database_unavailable', // 503
])
export type ErrorCode = z.infer<typeof errorCode>

export const fieldError = z.strictObject({
  field: z.string(), // dotted path into the request body
  message: z.string(), // one sentence for people
  code: z.string(), // zod issue code, for example too_small
  line: z.int().positive().optional(), // of a document that was sent as text, the first is 1
})
export type FieldError = z.infer<typeof fieldError>

/** RFC 9457 problem document. `detail` is one sentence that may be shown as it is. */
export const problem = z.strictObject({
  type: z.string(), // about:blank: the status says what kind it is, `code` says exactly
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: errorCode,
  errors: z.array(fieldError).optional(), // with 422 only
  second_factor: signInChallenge.optional(), // with `second_factor_required` only
})
export type Problem = z.infer<typeof problem>
