import { AppError, BusyError, UnauthenticatedError } from '../errors'

const TRIES = 3
const RETRY_AFTER_SECONDS = 5

export const sessionEnded = () => new UnauthenticatedError('invalid_token', 'This session has ended. Sign in again.')

export const rightsChanged = () =>
  new UnauthenticatedError('invalid_token', 'What you may do here has changed: sign in again.')

export const invalidCredentials = () =>
  new UnauthenticatedError('invalid_credentials', 'The e-mail address or the password is not right.')

export const emailTaken = () =>
  new AppError('email_taken', 400, 'An account with this e-mail address exists already. Sign in instead.')

export const accountInactive = () =>
  new AppError('account_inactive', 403, 'This account is not active. Ask an administrator to activate it.')

export const wrongCode = () =>
  new AppError('wrong_code', 400, 'That code is not right, or it was used before: wait for the next one and try again.')

export const wrongPasskey = () =>
  new AppError(
    'wrong_passkey',
    400,
    'That passkey does not belong here: try another one, or sign in with your password.',
  )

export const challengeExpired = () =>
  new UnauthenticatedError(
    'challenge_expired',
    'This sign-in cannot be finished any more, because it took too long, had too many wrong codes or was used before: start again.',
  )

export const factorRequired = () =>
  new AppError(
    'factor_required',
    409,
    'Everybody here must have a second factor: add another one before you remove this.',
  )

export const factorUnreadable = () =>
  new AppError(
    'factor_unreadable',
    409,
    'Codes of your authenticator app cannot be checked here, because the key that protects them is not on this computer: use a recovery code, or ask an administrator to reset your second factor.',
  )

export const databaseUnavailable = () =>
  new AppError('database_unavailable', 503, 'The database does not answer: try again in a moment.', {
    headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  })

/**
 * Does work once more when the account changed under it, which the work tells by answering nothing.
 *
 * @throws {BusyError} it changed each time, or the row says different things to the program and to the database
 */
export async function untilUnchanged<T>(work: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const outcome = await work()
    if (outcome !== undefined) return outcome
  }
  throw new BusyError(RETRY_AFTER_SECONDS)
}
