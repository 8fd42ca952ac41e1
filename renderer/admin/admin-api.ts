import type { z } from 'zod'
import {
  lockList,
  managedSessionList,
  managedUserList,
  managedUserReply,
  type UserChange,
  type UserSort,
} from '../../contracts/admin'
import { messageReply } from '../../contracts/auth'
import { type FactorPolicyChange, factorPolicy } from '../../contracts/factor-administration'
import { invitationList, invitationMade, type newInvitation } from '../../contracts/invitations'
import { resetLink } from '../../contracts/password-reset'
import type { Role } from '../../contracts/scopes'
import { signingKeyList } from '../../contracts/signing-keys'
import { call } from '../api'

export interface PeopleQuery {
  search: string
  role: Role | ''
  status: 'active' | 'inactive' | ''
  sort: UserSort
  cursor: string | null
}

const userPath = (id: string, rest = '') => `/api/admin/users/${encodeURIComponent(id)}${rest}`

/** What administrators ask of the server. */
export const adminApi = {
  users: (token: string, query: PeopleQuery, signal?: AbortSignal) =>
    call(`/api/admin/users?${parameters({ ...query })}`, managedUserList, { token, signal }),
  user: (token: string, id: string, signal?: AbortSignal) => call(userPath(id), managedUserReply, { token, signal }),
  changeUser: (token: string, id: string, change: UserChange) =>
    call(userPath(id), managedUserReply, { method: 'PATCH', token, body: change }),
  sessions: (token: string, id: string, signal?: AbortSignal) =>
    call(userPath(id, '/sessions'), managedSessionList, { token, signal }),
  endSession: (token: string, id: string, sessionId: string) =>
    call(userPath(id, `/sessions/${encodeURIComponent(sessionId)}`), messageReply, { method: 'DELETE', token }),
  endSessions: (token: string, id: string) =>
    call(userPath(id, '/sessions'), messageReply, { method: 'DELETE', token }),
  locks: (token: string, id: string, signal?: AbortSignal) => call(userPath(id, '/locks'), lockList, { token, signal }),
  unlock: (token: string, id: string) => call(userPath(id, '/locks'), messageReply, { method: 'DELETE', token }),
  resetFactors: (token: string, id: string) =>
    call(userPath(id, '/factors'), messageReply, { method: 'DELETE', token }),
  factorPolicy: (token: string, signal?: AbortSignal) =>
    call('/api/admin/second-factor', factorPolicy, { token, signal }),
  changeFactorPolicy: (token: string, change: FactorPolicyChange) =>
    call('/api/admin/second-factor', factorPolicy, { method: 'PUT', token, body: change }),
  makeResetLink: (token: string, id: string) => call(userPath(id, '/reset-link'), resetLink, { method: 'POST', token }),
  invitations: (token: string, cursor: string | null, signal?: AbortSignal) =>
    call(`/api/admin/invitations?${parameters({ cursor })}`, invitationList, { token, signal }),
  invite: (token: string, input: z.input<typeof newInvitation>) =>
    call('/api/admin/invitations', invitationMade, { method: 'POST', token, body: input }),
  signingKeys: (token: string, signal?: AbortSignal) =>
    call('/api/admin/signing-keys', signingKeyList, { token, signal }),
  rotateSigningKey: (token: string) =>
    call('/api/admin/signing-keys/rotate', signingKeyList, { method: 'POST', token }),
  revokeInvitation: (token: string, id: string) =>
    call(`/api/admin/invitations/${encodeURIComponent(id)}`, messageReply, { method: 'DELETE', token }),
}

/** A query string of what is not empty. */
function parameters(values: Record<string, string | null>): string {
  return new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  ).toString()
}
