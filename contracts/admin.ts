import { z } from 'zod'
import { role } from './scopes'
import { session } from './sessions'
import { accountId, recordedId } from './text'

/** An account as administrators see it. */
export const managedUser = z.strictObject({
  id: z.string().min(1),
  email: z.string(),
  name: z.string(),
  role,
  is_active: z.boolean(),
  created_at: z.iso.datetime(),
  sessions: z.int().nonnegative(), // that can be used now
  has_second_factor: z.boolean(),
  last_seen_at: z.iso.datetime().nullable(), // signed in or renewed; null where no session is kept any more
})
export type ManagedUser = z.infer<typeof managedUser>

export const USER_SORTS = ['name', '-name', 'email', '-email', 'created_at', '-created_at'] as const
export type UserSort = (typeof USER_SORTS)[number]

export const userQuery = z.object({
  search: z.string().trim().max(255).default(''), // found anywhere in name or e-mail address
  role: role.optional(),
  status: z.enum(['active', 'inactive']).optional(),
  sort: z.enum(USER_SORTS).default('name'), // a leading minus: from the end
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().min(1).max(2048).optional(),
})
export type UserQuery = z.output<typeof userQuery>

export const managedUserList = z.strictObject({
  users: z.array(managedUser),
  total: z.int().nonnegative(), // that match
  next_cursor: z.string().nullable(),
})
export type ManagedUserList = z.infer<typeof managedUserList>

export const managedUserReply = z.strictObject({ user: managedUser })
export type ManagedUserReply = z.infer<typeof managedUserReply>

export const userChange = z
  .object({ role: role.optional(), is_active: z.boolean('Say true or false.').optional() })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'Say what is to change.')
export type UserChange = z.output<typeof userChange>

export const managedSessionList = z.strictObject({
  sessions: z.array(session),
  total: z.int().nonnegative(),
  next_cursor: z.null(),
})
export type ManagedSessionList = z.infer<typeof managedSessionList>

/** Failed attempts on an account that are remembered, and until when they make the next one wait. */
export const lock = z.strictObject({
  attempt: z.enum(['sign_in', 'second_factor', 'password_reset', 'password_change', 'step_up']),
  place: z.enum(['one_address', 'other_addresses']), // counted for one address, or for all it does not use
  failures: z.int().positive(),
  locked_until: z.iso.datetime().nullable(), // null: the next attempt does not wait
})
export type Lock = z.infer<typeof lock>

export const lockList = z.strictObject({ locks: z.array(lock), total: z.int().nonnegative(), next_cursor: z.null() })
export type LockList = z.infer<typeof lockList>

export const userParams = z.object({ id: accountId })
export const userSessionParams = z.object({ id: accountId, sessionId: recordedId })
