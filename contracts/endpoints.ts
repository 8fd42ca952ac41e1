import type { z } from 'zod'
import { accountData } from './account-data'
import { adminEndpoints } from './admin-endpoints'
import { auditEndpoints } from './audit-endpoints'
import { changePasswordRequest, loginRequest, messageReply, registerRequest, tokenReply, userReply } from './auth'
import {
  factorAdded,
  factors,
  freshTokenReply,
  recoveryCodes,
  secondFactorRequest,
  stepUp,
  stepUpRequest,
  totpCodeRequest,
  totpEnrolment,
} from './factors'
import { health } from './health'
import { keyEndpoints } from './key-endpoints'
import { ledgerEndpoints } from './ledger-endpoints'
import { newPasskeyRequest, passkeyOptions, passkeyOptionsRequest, passkeyRequest } from './passkeys'
import { deleteAccountRequest, updateProfileRequest } from './profile'
import { recoveryEndpoints } from './recovery-endpoints'
import { authSettings, firstAdministratorRequest, invitationLook, invitationOffer } from './registration'
import { permissions, type Scope } from './scopes'
import { sessionList } from './sessions'
import { signingKeyList } from './signing-keys'

/** `bearer` asks for a credential that has the scope; `public` and `cookie` look after themselves. */
type Access = { access: 'public' | 'cookie'; scope: null } | { access: 'bearer'; scope: Scope }

interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  summary: string
  query?: z.ZodType
  body?: z.ZodType
  reply: z.ZodType
  replyTypes?: readonly string[] // media types of the reply, where it is not JSON
  status?: number // of success, where it is not 200
  failures: Record<number, string> // status to when it happens
  /**
   * Whether the caller must have signed in, or proved to be there, in the last five minutes. Where the password is sent
   * along, it is proof enough for an account without a second factor.
   */
  fresh?: 'always' | 'with_second_factor'
  /** Whether it is there for those who must set up a second factor before anything else. */
  beforeFactor?: true
}

/**
 * One operation of the HTTP API: the routes, what they ask of the caller, the OpenAPI document and the tests read the
 * same table.
 */
export type Endpoint = Operation & Access

const NOT_SIGNED_IN = 'No access token, or one that is malformed, expired or revoked'
const TOO_MANY = 'Too many attempts; try again after Retry-After seconds'
const UNREADABLE = 'The key that protects authenticator apps is not on this computer; recovery codes work'
const NO_PASSKEYS = 'Passkeys do not work at the address of the page, or none was made for it'
const BODY_FAILURES = {
  400: 'The body is not JSON',
  413: 'The body is larger than 1 MiB',
  415: 'The body was not sent as JSON',
  422: 'A field is missing or not valid, or a new password is easy to guess; `errors` says which',
  503: 'Too many sign-ins are waiting; try again after Retry-After seconds',
}

export const endpoints = {
  register: {
    method: 'post',
    path: '/api/auth/register',
    summary: 'Create an account and sign in',
    access: 'public',
    scope: null,
    body: registerRequest,
    reply: tokenReply,
    failures: {
      ...BODY_FAILURES,
      400: 'The e-mail address is taken, the invitation does not count, or the body is not JSON',
      403: 'Registration is closed, or by invitation only and there was none',
      429: TOO_MANY,
    },
  },
  authSettings: {
    method: 'get',
    path: '/api/auth/settings',
    summary: 'What to know before signing in: whether there is any account, and who may register',
    access: 'public',
    scope: null,
    reply: authSettings,
    failures: {},
  },
  createFirstAdministrator: {
    method: 'post',
    path: '/api/auth/first-administrator',
    summary: 'Create the first administrator while nobody has an account, and sign in',
    access: 'public',
    scope: null,
    body: firstAdministratorRequest,
    reply: tokenReply,
    failures: {
      ...BODY_FAILURES,
      403: 'The setup code is wrong; it is shown where the server was started',
      409: 'Somebody has an account already',
      429: TOO_MANY,
    },
  },
  lookAtInvitation: {
    method: 'post',
    path: '/api/auth/invitation',
    summary: 'What an invitation offers',
    access: 'public',
    scope: null,
    body: invitationLook,
    reply: invitationOffer,
    failures: {
      ...BODY_FAILURES,
      400: 'The invitation does not count, or the body is not JSON',
      403: 'Registration is closed',
      429: TOO_MANY,
    },
  },
  login: {
    method: 'post',
    path: '/api/auth/login',
    summary: 'Sign in with e-mail and password',
    access: 'public',
    scope: null,
    body: loginRequest,
    reply: tokenReply,
    failures: {
      ...BODY_FAILURES,
      401: 'Unknown user or wrong password; or `second_factor_required`: the password is right, and `second_factor` holds the challenge to send with a code to /api/auth/login/second-factor',
      403: 'The account is not active',
      429: TOO_MANY,
    },
  },
  loginSecondFactor: {
    method: 'post',
    path: '/api/auth/login/second-factor',
    summary: 'Finish a sign-in with a code of the authenticator app, or a recovery code',
    access: 'public',
    scope: null,
    body: secondFactorRequest,
    reply: tokenReply,
    failures: {
      ...BODY_FAILURES,
      400: 'The code is wrong or was used before, or the body is not JSON',
      401: 'The challenge is unknown, used, older than five minutes, or void after five wrong codes: start with the password',
      409: UNREADABLE,
      429: TOO_MANY,
    },
  },
  loginPasskeyOptions: {
    method: 'post',
    path: '/api/auth/login/passkey/options',
    summary: 'What a page asks an authenticator to sign: to sign in alone, or as the second step of a challenge',
    access: 'public',
    scope: null,
    body: passkeyOptionsRequest,
    reply: passkeyOptions,
    failures: {
      ...BODY_FAILURES,
      401: 'The challenge is unknown, used, or older than five minutes',
      409: NO_PASSKEYS,
      429: TOO_MANY,
    },
  },
  loginPasskey: {
    method: 'post',
    path: '/api/auth/login/passkey',
    summary: 'Sign in, or finish a sign-in, with a passkey',
    access: 'public',
    scope: null,
    body: passkeyRequest,
    reply: tokenReply,
    failures: {
      ...BODY_FAILURES,
      400: 'The passkey is not known here or signed something else, or the body is not JSON',
      401: 'The challenge is unknown, used, or older than five minutes',
      403: 'The account is not active',
      409: NO_PASSKEYS,
      429: TOO_MANY,
    },
  },
  verify: {
    method: 'get',
    path: '/api/auth/verify',
    summary: 'Check the access token and read the user',
    access: 'bearer',
    scope: 'account:read',
    beforeFactor: true,
    reply: userReply,
    failures: { 401: NOT_SIGNED_IN },
  },
  permissions: {
    method: 'get',
    path: '/api/auth/me/permissions',
    summary: 'Read your role and what it allows',
    access: 'bearer',
    scope: 'account:read',
    beforeFactor: true,
    reply: permissions,
    failures: { 401: NOT_SIGNED_IN },
  },
  logout: {
    method: 'post',
    path: '/api/auth/logout',
    summary: 'Sign out: the access token is dead at once',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN },
  },
  changePassword: {
    method: 'post',
    path: '/api/auth/change-password',
    summary: 'Change the password and end every other session',
    access: 'bearer',
    scope: 'account:manage',
    fresh: 'with_second_factor',
    body: changePasswordRequest,
    reply: messageReply,
    failures: {
      ...BODY_FAILURES,
      400: 'The current password is wrong, or the body is not JSON',
      401: NOT_SIGNED_IN,
      429: TOO_MANY,
    },
  },
  updateProfile: {
    method: 'patch',
    path: '/api/auth/profile',
    summary: 'Change your name',
    access: 'bearer',
    scope: 'account:manage',
    body: updateProfileRequest,
    reply: userReply,
    failures: { ...BODY_FAILURES, 401: NOT_SIGNED_IN },
  },
  accountData: {
    method: 'get',
    path: '/api/auth/my-data',
    summary: 'Download all that the server holds about you',
    access: 'bearer',
    scope: 'account:manage',
    reply: accountData,
    failures: { 401: NOT_SIGNED_IN },
  },
  deleteAccount: {
    method: 'post',
    path: '/api/auth/delete-account',
    summary: 'Delete your account and end all its sessions',
    access: 'bearer',
    scope: 'account:manage',
    fresh: 'with_second_factor',
    body: deleteAccountRequest,
    reply: messageReply,
    failures: {
      ...BODY_FAILURES,
      400: 'The password is wrong, or the body is not JSON',
      401: NOT_SIGNED_IN,
      409: 'You are the only administrator, or own a workspace that others are in',
      429: TOO_MANY,
    },
  },
  refresh: {
    method: 'post',
    path: '/api/auth/refresh',
    summary: 'Renew the session of a page: a new access token for the refresh cookie, which is replaced',
    access: 'cookie',
    scope: null,
    reply: tokenReply,
    failures: {
      401: 'No refresh cookie, one that is spent, expired or revoked, or the proof of its key does not count',
      429: TOO_MANY,
    },
  },
  sessions: {
    method: 'get',
    path: '/api/auth/sessions',
    summary: 'List where you are signed in',
    access: 'bearer',
    scope: 'account:manage',
    reply: sessionList,
    failures: { 401: NOT_SIGNED_IN },
  },
  revokeSession: {
    method: 'delete',
    path: '/api/auth/sessions/:id',
    summary: 'End one of your sessions',
    access: 'bearer',
    scope: 'account:manage',
    fresh: 'always',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 404: 'You have no such session' },
  },
  revokeOtherSessions: {
    method: 'post',
    path: '/api/auth/sessions/revoke-others',
    summary: 'End all your sessions but this one',
    access: 'bearer',
    scope: 'account:manage',
    fresh: 'always',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN },
  },
  stepUp: {
    method: 'get',
    path: '/api/auth/step-up',
    summary: 'How you can prove to be there, and until when that is not asked for',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    reply: stepUp,
    failures: { 401: NOT_SIGNED_IN },
  },
  proveFresh: {
    method: 'post',
    path: '/api/auth/step-up',
    summary:
      'Prove to be there, for what asks for a fresh proof: gives the token it counts for, and ends the one shown',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    body: stepUpRequest,
    reply: freshTokenReply,
    failures: {
      ...BODY_FAILURES,
      400: 'The password or code is wrong, or the body is not JSON',
      401: NOT_SIGNED_IN,
      403: 'The account has a second factor, and its code is what counts',
      409: UNREADABLE,
      429: TOO_MANY,
    },
  },
  proveFreshPasskeyOptions: {
    method: 'post',
    path: '/api/auth/step-up/passkey/options',
    summary: 'What a page asks an authenticator to sign as a fresh proof',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    reply: passkeyOptions,
    failures: { 401: NOT_SIGNED_IN, 409: NO_PASSKEYS },
  },
  proveFreshPasskey: {
    method: 'post',
    path: '/api/auth/step-up/passkey',
    summary: 'Prove to be there with a passkey: gives the token it counts for, and ends the one shown',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    body: passkeyRequest,
    reply: freshTokenReply,
    failures: {
      ...BODY_FAILURES,
      400: 'The passkey is not yours or signed something else, or the body is not JSON',
      401: NOT_SIGNED_IN,
      409: NO_PASSKEYS,
      429: TOO_MANY,
    },
  },
  factors: {
    method: 'get',
    path: '/api/auth/factors',
    summary: 'What protects your account besides the password',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    reply: factors,
    failures: { 401: NOT_SIGNED_IN },
  },
  beginTotp: {
    method: 'post',
    path: '/api/auth/factors/totp',
    summary: 'Make the key of an authenticator app; it counts after a first code is confirmed',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    fresh: 'always',
    reply: totpEnrolment,
    failures: { 401: NOT_SIGNED_IN, 409: 'There is an authenticator app already, or the server has no key that lasts' },
  },
  confirmTotp: {
    method: 'post',
    path: '/api/auth/factors/totp/confirm',
    summary: 'Confirm an authenticator app with its first code; the first factor answers recovery codes, once',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    body: totpCodeRequest,
    reply: factorAdded,
    failures: {
      ...BODY_FAILURES,
      400: 'The code is wrong, or the body is not JSON',
      401: NOT_SIGNED_IN,
      404: 'No authenticator app was begun in the last 15 minutes',
      409: 'There is an authenticator app already',
      429: TOO_MANY,
    },
  },
  removeTotp: {
    method: 'delete',
    path: '/api/auth/factors/totp',
    summary: 'Remove the authenticator app',
    access: 'bearer',
    scope: 'account:manage',
    fresh: 'always',
    reply: messageReply,
    failures: {
      401: NOT_SIGNED_IN,
      409: 'Everybody must have a second factor, and this is the last',
      404: 'There is no authenticator app',
    },
  },
  beginPasskey: {
    method: 'post',
    path: '/api/auth/factors/passkeys/options',
    summary: 'What a page asks an authenticator to make',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    fresh: 'always',
    reply: passkeyOptions,
    failures: { 401: NOT_SIGNED_IN, 409: NO_PASSKEYS },
  },
  addPasskey: {
    method: 'post',
    path: '/api/auth/factors/passkeys',
    summary: 'Keep a passkey; the first factor answers recovery codes, once',
    access: 'bearer',
    scope: 'account:manage',
    beforeFactor: true,
    body: newPasskeyRequest,
    reply: factorAdded,
    failures: {
      ...BODY_FAILURES,
      400: 'The passkey was made for something else, or is known already, or the body is not JSON',
      401: NOT_SIGNED_IN,
      409: NO_PASSKEYS,
    },
  },
  removePasskey: {
    method: 'delete',
    path: '/api/auth/factors/passkeys/:id',
    summary: 'Remove a passkey',
    access: 'bearer',
    scope: 'account:manage',
    fresh: 'always',
    reply: messageReply,
    failures: {
      401: NOT_SIGNED_IN,
      409: 'Everybody must have a second factor, and this is the last',
      404: 'You have no such passkey',
    },
  },
  replaceRecoveryCodes: {
    method: 'post',
    path: '/api/auth/factors/recovery-codes',
    summary: 'Make ten new recovery codes, shown once; the ones before are void',
    access: 'bearer',
    scope: 'account:manage',
    fresh: 'always',
    reply: recoveryCodes,
    failures: { 401: NOT_SIGNED_IN, 404: 'There is no second factor to recover' },
  },
  signingKeys: {
    method: 'get',
    path: '/api/admin/signing-keys',
    summary: 'List the keys that sign access tokens, by name and time alone',
    access: 'bearer',
    scope: 'server:manage',
    reply: signingKeyList,
    failures: { 401: NOT_SIGNED_IN },
  },
  rotateSigningKey: {
    method: 'post',
    path: '/api/admin/signing-keys/rotate',
    summary: 'Make a new signing key; what the earlier ones signed counts until it expires',
    access: 'bearer',
    scope: 'server:manage',
    fresh: 'always',
    reply: signingKeyList,
    failures: {
      401: NOT_SIGNED_IN,
      409: 'The key is a setting of the server, or a new one is about to begin',
      503: 'The keychain does not answer; `detail` says what to do',
    },
  },
  ...auditEndpoints,
  health: {
    method: 'get',
    path: '/api/health',
    summary: 'Whether the server and its database work',
    access: 'public',
    scope: null,
    reply: health,
    failures: { 503: 'The database does not answer' },
  },
  ...adminEndpoints,
  ...recoveryEndpoints,
  ...keyEndpoints,
  ...ledgerEndpoints,
} as const satisfies Record<string, Endpoint>

/** What a browser may open without signing in, beside the dashboard. */
export const openPages = {
  openapi: '/api/openapi.json',
  docs: '/api/docs',
  docsScript: '/api/docs/start.js',
} as const
