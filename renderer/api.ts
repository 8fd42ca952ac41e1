// Goes with the contracts into whatever file the bundler puts them: it has to run before them there too.
import './app/zod-without-eval'
import type { z } from 'zod'
import { apiKeyList, issuedApiKey, type NewApiKeyRequest } from '../contracts/api-keys'
import {
  type ChangePasswordRequest,
  type LoginRequest,
  messageReply,
  type RegisterRequest,
  tokenReply,
  userReply,
} from '../contracts/auth'
import {
  type ChangeEmailRequest,
  changeEmailReply,
  confirmationOffer,
  confirmEmailReply,
  emailState,
} from '../contracts/email-address'
import {
  factorAdded,
  factors,
  freshTokenReply,
  recoveryCodes,
  type SecondFactorRequest,
  type SignInChallenge,
  type StepUpRequest,
  stepUp,
  type TotpCodeRequest,
  totpEnrolment,
} from '../contracts/factors'
import { health } from '../contracts/health'
import {
  type NewPasskeyRequest,
  type PasskeyOptionsRequest,
  type PasskeyRequest,
  passkeyOptions,
} from '../contracts/passkeys'
import { type ForgotPasswordRequest, passwordResetOffer, type ResetPasswordRequest } from '../contracts/password-reset'
import { type ErrorCode, type FieldError, type Problem, problem } from '../contracts/problem'
import type { DeleteAccountRequest, UpdateProfileRequest } from '../contracts/profile'
import { authSettings, type FirstAdministratorRequest, invitationOffer } from '../contracts/registration'
import { permissions } from '../contracts/scopes'
import { sessionList } from '../contracts/sessions'
import { createPageKey } from './auth/page-key'

const TIME_LIMIT_MS = 30_000
/** For what reads or checks all there is. */
export const LONG_MS = 15 * 60_000

/** The server answered with a problem document; `message` is its one sentence for people. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: ErrorCode
  readonly fields: FieldError[]
  /** What a sign-in still asks for after the right password. */
  readonly secondFactor: SignInChallenge | null

  constructor({ status, code, detail, errors, second_factor }: Problem) {
    super(detail)
    this.status = status
    this.code = code
    this.fields = errors ?? []
    this.secondFactor = second_factor ?? null
  }
}

/** No answer came: the server is down, restarting or stuck. */
export class UnreachableError extends Error {
  override name = 'UnreachableError'
  constructor(options?: ErrorOptions) {
    super('The server cannot be reached.', options)
  }
}

export function isRefused(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 401
}

/** Everybody must have a second factor, and when the token was issued this person had none. */
export function wantsSecondFactor(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 'second_factor_enrolment_required'
}

/** An answer came that is not in the contract, for example from another program on this port. */
export class UnexpectedReplyError extends Error {
  override name = 'UnexpectedReplyError'
  constructor(options?: ErrorOptions) {
    super('The server sent an answer that this version of Aurelius does not understand.', options)
  }
}

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  token?: string
  signal?: AbortSignal | undefined
  timeLimitMs?: number
  /** Whether to show the key of this browser: for what gives tokens. */
  withKey?: boolean
}

export const api = {
  register: (input: RegisterRequest) =>
    call('/api/auth/register', tokenReply, { method: 'POST', body: input, withKey: true }),
  authSettings: (signal?: AbortSignal) => call('/api/auth/settings', authSettings, { signal }),
  createFirstAdministrator: (input: FirstAdministratorRequest) =>
    call('/api/auth/first-administrator', tokenReply, { method: 'POST', body: input, withKey: true }),
  lookAtInvitation: (invitation: string, signal?: AbortSignal) =>
    call('/api/auth/invitation', invitationOffer, { method: 'POST', body: { invitation }, signal }),
  forgotPassword: (input: ForgotPasswordRequest) =>
    call('/api/auth/forgot-password', messageReply, { method: 'POST', body: input }),
  lookAtPasswordReset: (token: string, signal?: AbortSignal) =>
    call('/api/auth/reset-password/look', passwordResetOffer, { method: 'POST', body: { token }, signal }),
  resetPassword: (input: ResetPasswordRequest) =>
    call('/api/auth/reset-password', messageReply, { method: 'POST', body: input }),
  lookAtConfirmation: (token: string, signal?: AbortSignal) =>
    call('/api/auth/confirm-email/look', confirmationOffer, { method: 'POST', body: { token }, signal }),
  confirmEmail: (token: string) =>
    call('/api/auth/confirm-email', confirmEmailReply, { method: 'POST', body: { token } }),
  emailState: (token: string, signal?: AbortSignal) => call('/api/auth/email', emailState, { token, signal }),
  sendVerification: (token: string) => call('/api/auth/email/verification', messageReply, { method: 'POST', token }),
  changeEmail: (token: string, input: ChangeEmailRequest) =>
    call('/api/auth/change-email', changeEmailReply, { method: 'POST', token, body: input }),
  cancelEmailChange: (token: string) => call('/api/auth/email/change', messageReply, { method: 'DELETE', token }),
  login: (input: LoginRequest) => call('/api/auth/login', tokenReply, { method: 'POST', body: input, withKey: true }),
  loginSecondFactor: (input: SecondFactorRequest) =>
    call('/api/auth/login/second-factor', tokenReply, { method: 'POST', body: input, withKey: true }),
  permissions: (token: string, signal?: AbortSignal) =>
    call('/api/auth/me/permissions', permissions, { token, signal }),
  verify: (token: string, signal?: AbortSignal) => call('/api/auth/verify', userReply, { token, signal }),
  /** Renews by the cookie of the last sign-in, which no script can read. */
  refresh: () => call('/api/auth/refresh', tokenReply, { method: 'POST', withKey: true }),
  logout: (token: string) => call('/api/auth/logout', messageReply, { method: 'POST', token }),
  changePassword: (token: string, input: ChangePasswordRequest) =>
    call('/api/auth/change-password', messageReply, { method: 'POST', token, body: input }),
  updateProfile: (token: string, input: UpdateProfileRequest) =>
    call('/api/auth/profile', userReply, { method: 'PATCH', token, body: input }),
  deleteAccount: (token: string, input: DeleteAccountRequest) =>
    call('/api/auth/delete-account', messageReply, { method: 'POST', token, body: input }),
  sessions: (token: string, signal?: AbortSignal) => call('/api/auth/sessions', sessionList, { token, signal }),
  revokeSession: (token: string, id: string) =>
    call(`/api/auth/sessions/${encodeURIComponent(id)}`, messageReply, { method: 'DELETE', token }),
  revokeOtherSessions: (token: string) =>
    call('/api/auth/sessions/revoke-others', messageReply, { method: 'POST', token }),
  loginPasskeyOptions: (input: PasskeyOptionsRequest) =>
    call('/api/auth/login/passkey/options', passkeyOptions, { method: 'POST', body: input }),
  loginPasskey: (input: PasskeyRequest) =>
    call('/api/auth/login/passkey', tokenReply, { method: 'POST', body: input, withKey: true }),
  stepUp: (token: string, signal?: AbortSignal) => call('/api/auth/step-up', stepUp, { token, signal }),
  proveFresh: (token: string, input: StepUpRequest) =>
    call('/api/auth/step-up', freshTokenReply, { method: 'POST', token, body: input }),
  proveFreshPasskeyOptions: (token: string) =>
    call('/api/auth/step-up/passkey/options', passkeyOptions, { method: 'POST', token }),
  proveFreshPasskey: (token: string, input: PasskeyRequest) =>
    call('/api/auth/step-up/passkey', freshTokenReply, { method: 'POST', token, body: input }),
  factors: (token: string, signal?: AbortSignal) => call('/api/auth/factors', factors, { token, signal }),
  beginTotp: (token: string) => call('/api/auth/factors/totp', totpEnrolment, { method: 'POST', token }),
  confirmTotp: (token: string, input: TotpCodeRequest) =>
    call('/api/auth/factors/totp/confirm', factorAdded, { method: 'POST', token, body: input }),
  removeTotp: (token: string) => call('/api/auth/factors/totp', messageReply, { method: 'DELETE', token }),
  beginPasskey: (token: string) =>
    call('/api/auth/factors/passkeys/options', passkeyOptions, { method: 'POST', token }),
  addPasskey: (token: string, input: NewPasskeyRequest) =>
    call('/api/auth/factors/passkeys', factorAdded, { method: 'POST', token, body: input }),
  removePasskey: (token: string, id: string) =>
    call(`/api/auth/factors/passkeys/${encodeURIComponent(id)}`, messageReply, { method: 'DELETE', token }),
  replaceRecoveryCodes: (token: string) =>
    call('/api/auth/factors/recovery-codes', recoveryCodes, { method: 'POST', token }),
  apiKeys: (token: string, signal?: AbortSignal) => call('/api/auth/keys', apiKeyList, { token, signal }),
  createApiKey: (token: string, input: NewApiKeyRequest) =>
    call('/api/auth/keys', issuedApiKey, { method: 'POST', token, body: input }),
  rotateApiKey: (token: string, id: string, graceSeconds: number) =>
    call(`/api/auth/keys/${encodeURIComponent(id)}/rotate`, issuedApiKey, {
      method: 'POST',
      token,
      body: { grace_seconds: graceSeconds },
    }),
  endApiKeyGrace: (token: string, id: string) =>
    call(`/api/auth/keys/${encodeURIComponent(id)}/old-secret`, messageReply, { method: 'DELETE', token }),
  revokeApiKey: (token: string, id: string) =>
    call(`/api/auth/keys/${encodeURIComponent(id)}`, messageReply, { method: 'DELETE', token }),
  health: (signal?: AbortSignal) => call('/api/health', health, { signal }),
}
export type Api = typeof api

/** Sends a request and reads the answer by its contract. @throws {ApiError | UnreachableError | UnexpectedReplyError} */
export async function call<T>(path: string, shape: z.ZodType<T>, options: RequestOptions): Promise<T> {
  const { ok, body } = await exchangeAtServerTime(path, options)
  if (!ok) {
    const failure = problem.safeParse(body)
    if (!failure.success) throw new UnexpectedReplyError({ cause: failure.error })
    throw new ApiError(failure.data)
  }
  const reply = shape.safeParse(body)
  if (!reply.success) throw new UnexpectedReplyError({ cause: reply.error })
  return reply.data
}

/** What is answered as a file, such as an export. */
export async function fetchFile(path: string, options: RequestOptions): Promise<string> {
  const { ok, body, text } = await exchange(path, options)
  if (ok) return text
  const failure = problem.safeParse(body)
  throw failure.success ? new ApiError(failure.data) : new UnexpectedReplyError({ cause: failure.error })
}

/** The desktop window may show its page before there is a server that could be asked. */
const serverStarted = new Promise<void>((resolve) => {
  if (!window.aurelius) return resolve()
  window.aurelius.onServerStatus(({ state }) => state !== 'starting' && resolve())
})

/** In the desktop window main keeps the session, and the port, with it the origin, may be another at each start. */
const pageKey = window.aurelius ? undefined : createPageKey()

/** A proof of the key that did not count may have been dated by a clock that is wrong, or sent twice by the browser. */
async function exchangeAtServerTime(path: string, options: RequestOptions) {
  const first = await exchange(path, options)
  const refusal = options.withKey && !first.ok ? problem.safeParse(first.body) : undefined
  if (refusal?.data?.code !== 'invalid_dpop_proof') return first
  pageKey?.setClock(first.date)
  return exchange(path, options)
}

/** AbortSignal.any is newer than the oldest Chromium this runs in, hence the controller. */
async function exchange(
  path: string,
  { method = 'GET', body, token, signal, timeLimitMs = TIME_LIMIT_MS, withKey = false }: RequestOptions,
) {
  await serverStarted
  const controller = new AbortController()
  const abort = () => controller.abort()
  const timer = setTimeout(abort, timeLimitMs)
  signal?.addEventListener('abort', abort)
  try {
    const proof = withKey ? await pageKey?.prove(method, path) : undefined
    const response = await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(proof === undefined ? {} : { DPoP: proof }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: controller.signal,
    })
    const text = await response.text()
    return { ok: response.ok, text, body: parseJson(text), date: response.headers.get('Date') }
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new UnreachableError({ cause })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
