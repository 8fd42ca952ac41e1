import type { SignInChallenge } from '../contracts/factors'
import type { ErrorCode, FieldError } from '../contracts/problem'
import type { Scope } from '../contracts/scopes'

/** An error that is safe to show: `message` is one plain sentence. Anything else reaches the client as a bare 500. */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCode
  readonly status: number
  readonly headers: Record<string, string>

  constructor(
    code: ErrorCode,
    status: number,
    message: string,
    options: ErrorOptions & { headers?: Record<string, string> } = {},
  ) {
    super(message, options)
    this.code = code
    this.status = status
    this.headers = options.headers ?? {}
  }
}

/** The request was understood but its fields are not right (422); `errors` says which and why. */
export class ValidationError extends AppError {
  readonly errors: FieldError[]
  constructor(errors: FieldError[]) {
    super('validation_failed', 422, errors[0]?.message ?? 'The request is not valid.')
    this.errors = errors
  }
}

/** No credential, or none that counts (401). The challenge follows RFC 6750 section 3. */
export class UnauthenticatedError extends AppError {
  constructor(
    code:
      | 'not_authenticated'
      | 'invalid_token'
      | 'invalid_credentials'
      | 'second_factor_required'
      | 'challenge_expired',
    message: string,
  ) {
    const error = code === 'invalid_token' ? `, error="invalid_token", error_description="${message}"` : ''
    super(code, 401, message, { headers: { 'WWW-Authenticate': `Bearer realm="Aurelius"${error}` } })
  }
}

/**
 * A proof of the browser's key that is missing or does not count (401, RFC 9449 section 7.1). `Date` says when it is
 * here: the clock of the browser may be another.
 */
export class InvalidKeyProofError extends AppError {
  constructor(now: number) {
    super('invalid_dpop_proof', 401, 'This session is bound to the browser it began in. Sign in again.', {
      headers: {
        'WWW-Authenticate': 'Bearer realm="Aurelius", DPoP error="invalid_dpop_proof", algs="ES256"',
        Date: new Date(now).toUTCString(),
      },
    })
  }
}

/** The password is right, and the account asks for more (401): `secondFactor` says how to go on. */
export class SecondFactorRequiredError extends UnauthenticatedError {
  readonly secondFactor: SignInChallenge
  constructor(secondFactor: SignInChallenge) {
    super(
      'second_factor_required',
      'This account is protected by a second factor: sign in with a program that asks for its code.',
    )
    this.secondFactor = secondFactor
  }
}

/** The caller is known but may not do this (403). RFC 6750 section 3.1: the challenge names the scope it takes. */
export class InsufficientScopeError extends AppError {
  constructor(scope: Scope) {
    const message = `This takes the permission ${scope}, which you do not have here.`
    const error = `error="insufficient_scope", error_description="${message}", scope="${scope}"`
    super('insufficient_scope', 403, message, { headers: { 'WWW-Authenticate': `Bearer realm="Aurelius", ${error}` } })
  }
}

export class NotFoundError extends AppError {
  constructor(thing: string) {
    super('not_found', 404, `There is no such ${thing}.`)
  }
}

/** The caller sees what it is about and may not change it (403). */
export class ReadOnlyWorkspaceError extends AppError {
  constructor() {
    super(
      'workspace_read_only',
      403,
      'You may read this workspace but not change it: ask its owner to make you an editor.',
    )
  }
}

/** A run that has ended takes nothing more (409). */
export class RunFinishedError extends AppError {
  constructor(status: string) {
    super('run_finished', 409, `This run has ${status}, and what it recorded does not change: start a new run.`)
  }
}

/** A gate or a promotion of a strategy that is archived (409). */
export class StrategyArchivedError extends AppError {
  constructor() {
    super('strategy_archived', 409, 'This strategy is archived: restore it before you evaluate or promote it.')
  }
}

/** A promotion that cannot be asked for, or not be decided by the caller (409). */
export class NotPromotableError extends AppError {
  constructor(message: string) {
    super('not_promotable', 409, message)
  }
}

/** Rows that do not follow those that are stored (409). */
export class OffsetConflictError extends AppError {
  constructor(stored: number, what: string) {
    super('offset_conflict', 409, `This run holds ${stored} ${what}, which these do not follow: go on from there.`)
  }
}

/** The path is known, the method is not one of its own (405). */
export class MethodNotAllowedError extends AppError {
  constructor(allow: string) {
    super('method_not_allowed', 405, 'This path does not answer that method; the Allow header lists those it does.', {
      headers: { Allow: allow },
    })
  }
}

export interface Quota {
  policy: string
  quota: number
  windowSeconds: number
  waitSeconds: number
}

/** Somebody tried too often (429). @see draft-ietf-httpapi-ratelimit-headers-11 for what the headers mean */
export class TooManyAttemptsError extends AppError {
  constructor({ policy, quota, windowSeconds, waitSeconds }: Quota) {
    super('too_many_requests', 429, `Too many attempts: try again in ${inWords(waitSeconds)}.`, {
      headers: {
        'Retry-After': String(waitSeconds),
        RateLimit: `"${policy}";r=0;t=${waitSeconds}`,
        'RateLimit-Policy': `"${policy}";q=${quota};w=${windowSeconds}`,
      },
    })
  }
}

/** A span in the largest unit that says it within one, never shorter than it is. */
function inWords(seconds: number): string {
  const [size, unit] = seconds <= 90 ? [1, 'second'] : seconds <= 5_400 ? [60, 'minute'] : [3_600, 'hour']
  const amount = Math.ceil(seconds / Number(size))
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

/** More work is waiting than can be done soon (503). */
export class BusyError extends AppError {
  constructor(retryAfterSeconds: number) {
    super('busy', 503, 'The server is busy: try again in a few seconds.', {
      headers: { 'Retry-After': String(retryAfterSeconds) },
    })
  }
}

/** The database cannot be reached or is too busy (503); it may work in a moment. */
export class DatabaseUnavailableError extends AppError {
  constructor(cause: unknown) {
    super('database_unavailable', 503, 'The database does not answer: try again in a moment.', {
      cause,
      headers: { 'Retry-After': '5' },
    })
  }
}
