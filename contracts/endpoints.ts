import type { z } from 'zod'
import { changePasswordRequest, loginRequest, messageReply, registerRequest, tokenReply, userReply } from './auth'
import { health } from './health'
import { sessionList } from './sessions'

/** One operation of the HTTP API: the routes, the OpenAPI document and the tests read the same table. */
export interface Endpoint {
  method: 'get' | 'post' | 'delete'
  path: string
  summary: string
  access: 'public' | 'cookie' | 'bearer'
  body?: z.ZodType
  reply: z.ZodType
  failures: Record<number, string> // status to when it happens
}

const NOT_SIGNED_IN = 'No access token, or one that is malformed, expired or revoked'
const TOO_MANY = 'Too many attempts; try again after Retry-After seconds'
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
    body: registerRequest,
    reply: tokenReply,
    failures: { ...BODY_FAILURES, 400: 'The e-mail address is taken, or the body is not JSON', 429: TOO_MANY },
  },
  login: {
    method: 'post',
    path: '/api/auth/login',
    summary: 'Sign in with e-mail and password',
    access: 'public',
    body: loginRequest,
    reply: tokenReply,
    failures: {
      ...BODY_FAILURES,
      401: 'Unknown user or wrong password',
      403: 'The account is not active',
      429: TOO_MANY,
    },
  },
  verify: {
    method: 'get',
    path: '/api/auth/verify',
    summary: 'Check the access token and read the user',
    access: 'bearer',
    reply: userReply,
    failures: { 401: NOT_SIGNED_IN },
  },
  logout: {
    method: 'post',
    path: '/api/auth/logout',
    summary: 'Sign out: the access token is dead at once',
    access: 'bearer',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN },
  },
  changePassword: {
    method: 'post',
    path: '/api/auth/change-password',
    summary: 'Change the password and end every other session',
    access: 'bearer',
    body: changePasswordRequest,
    reply: messageReply,
    failures: {
      ...BODY_FAILURES,
      400: 'The current password is wrong, or the body is not JSON',
      401: NOT_SIGNED_IN,
      429: TOO_MANY,
    },
  },
  refresh: {
    method: 'post',
    path: '/api/auth/refresh',
    summary: 'Renew the session of a page: a new access token for the refresh cookie, which is replaced',
    access: 'cookie',
    reply: tokenReply,
    failures: { 401: 'No refresh cookie, or one that is spent, expired or revoked', 429: TOO_MANY },
  },
  sessions: {
    method: 'get',
    path: '/api/auth/sessions',
    summary: 'List where you are signed in',
    access: 'bearer',
    reply: sessionList,
    failures: { 401: NOT_SIGNED_IN },
  },
  revokeSession: {
    method: 'delete',
    path: '/api/auth/sessions/:id',
    summary: 'End one of your sessions',
    access: 'bearer',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 404: 'You have no such session' },
  },
  revokeOtherSessions: {
    method: 'post',
    path: '/api/auth/sessions/revoke-others',
    summary: 'End all your sessions but this one',
    access: 'bearer',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN },
  },
  health: {
    method: 'get',
    path: '/api/health',
    summary: 'Whether the server and its database work',
    access: 'public',
    reply: health,
    failures: { 503: 'The database does not answer' },
  },
} as const satisfies Record<string, Endpoint>
