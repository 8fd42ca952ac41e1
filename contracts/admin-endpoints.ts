import { lockList, managedSessionList, managedUserList, managedUserReply, userChange, userQuery } from './admin'
import { messageReply } from './auth'
import type { Endpoint } from './endpoints'
import { factorPolicy, factorPolicyChange } from './factor-administration'
import { invitationList, invitationMade, invitationQuery, newInvitation } from './invitations'

const NOT_SIGNED_IN = 'No access token, or one that is malformed, expired or revoked'
const NO_SUCH_USER = 'There is no such user'
const BAD_QUERY = 'A parameter is not valid; `errors` says which'
const BODY_FAILURES = {
  400: 'The body is not JSON',
  413: 'The body is larger than 1 MiB',
  415: 'The body was not sent as JSON',
  422: 'A field is missing or not valid; `errors` says which',
}
const BY_ADMINISTRATORS = { access: 'bearer', scope: 'users:manage' } as const

/** The operations of administrators, a part of the table in endpoints.ts. */
export const adminEndpoints = {
  managedUsers: {
    method: 'get',
    path: '/api/admin/users',
    summary: 'List accounts: searched, sorted, page by page',
    ...BY_ADMINISTRATORS,
    query: userQuery,
    reply: managedUserList,
    failures: { 401: NOT_SIGNED_IN, 422: BAD_QUERY },
  },
  managedUser: {
    method: 'get',
    path: '/api/admin/users/:id',
    summary: 'Read an account',
    ...BY_ADMINISTRATORS,
    reply: managedUserReply,
    failures: { 401: NOT_SIGNED_IN, 404: NO_SUCH_USER },
  },
  changeUser: {
    method: 'patch',
    path: '/api/admin/users/:id',
    summary: 'Give an account another role, activate or deactivate it',
    ...BY_ADMINISTRATORS,
    fresh: 'always',
    body: userChange,
    reply: managedUserReply,
    failures: {
      ...BODY_FAILURES,
      401: NOT_SIGNED_IN,
      404: NO_SUCH_USER,
      409: 'It would leave no active administrator',
    },
  },
  managedSessions: {
    method: 'get',
    path: '/api/admin/users/:id/sessions',
    summary: 'List where somebody is signed in',
    ...BY_ADMINISTRATORS,
    reply: managedSessionList,
    failures: { 401: NOT_SIGNED_IN, 404: NO_SUCH_USER },
  },
  endUserSessions: {
    method: 'delete',
    path: '/api/admin/users/:id/sessions',
    summary: 'End every session of an account',
    ...BY_ADMINISTRATORS,
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 404: NO_SUCH_USER },
  },
  endUserSession: {
    method: 'delete',
    path: '/api/admin/users/:id/sessions/:sessionId',
    summary: 'End one session of an account',
    ...BY_ADMINISTRATORS,
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 404: 'The account has no such session' },
  },
  userLocks: {
    method: 'get',
    path: '/api/admin/users/:id/locks',
    summary: 'List failed attempts on an account that make the next one wait, or soon will',
    ...BY_ADMINISTRATORS,
    reply: lockList,
    failures: { 401: NOT_SIGNED_IN, 404: NO_SUCH_USER },
  },
  unlockUser: {
    method: 'delete',
    path: '/api/admin/users/:id/locks',
    summary: 'Forget the failed attempts on an account',
    ...BY_ADMINISTRATORS,
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 404: NO_SUCH_USER },
  },
  factorPolicy: {
    method: 'get',
    path: '/api/admin/second-factor',
    summary: 'Whether everybody must have a second factor, and how many have one',
    ...BY_ADMINISTRATORS,
    reply: factorPolicy,
    failures: { 401: NOT_SIGNED_IN },
  },
  changeFactorPolicy: {
    method: 'put',
    path: '/api/admin/second-factor',
    summary: 'Require a second factor of everybody, or no longer',
    access: 'bearer',
    scope: 'server:manage',
    fresh: 'always',
    body: factorPolicyChange,
    reply: factorPolicy,
    failures: { ...BODY_FAILURES, 401: NOT_SIGNED_IN },
  },
  resetFactors: {
    method: 'delete',
    path: '/api/admin/users/:id/factors',
    summary: 'Take every second factor off an account whose owner has lost them, and end its sessions',
    ...BY_ADMINISTRATORS,
    fresh: 'always',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 404: NO_SUCH_USER },
  },
  invitations: {
    method: 'get',
    path: '/api/admin/invitations',
    summary: 'List invitations, the newest first',
    ...BY_ADMINISTRATORS,
    query: invitationQuery,
    reply: invitationList,
    failures: { 401: NOT_SIGNED_IN, 422: BAD_QUERY },
  },
  createInvitation: {
    method: 'post',
    path: '/api/admin/invitations',
    summary: 'Invite somebody; the token in the answer is shown once',
    ...BY_ADMINISTRATORS,
    fresh: 'always',
    body: newInvitation,
    reply: invitationMade,
    failures: { ...BODY_FAILURES, 401: NOT_SIGNED_IN },
  },
  revokeInvitation: {
    method: 'delete',
    path: '/api/admin/invitations/:id',
    summary: 'Take an invitation back',
    ...BY_ADMINISTRATORS,
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 404: 'There is no such invitation that is open' },
  },
} as const satisfies Record<string, Endpoint>
