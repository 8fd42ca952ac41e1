import { z } from 'zod'
import { email } from './auth'
import { DEFAULT_ROLE, role } from './scopes'
import { recordedId } from './text'

export const INVITATION_DAYS_MAX = 90
const DAYS_DEFAULT = 7

export const newInvitation = z.object({
  email: email.nullish(), // only this address may use it
  role: role.default(DEFAULT_ROLE),
  expires_in_days: z
    .int('Enter a whole number of days.')
    .min(1, 'An invitation lasts at least a day.')
    .max(INVITATION_DAYS_MAX, `An invitation lasts at most ${INVITATION_DAYS_MAX} days.`)
    .default(DAYS_DEFAULT),
})
export type NewInvitation = z.output<typeof newInvitation>

export const invitation = z.strictObject({
  id: z.string(),
  state: z.enum(['open', 'accepted', 'revoked', 'expired']),
  email: z.string().nullable(),
  role,
  invited_by: z.string().nullable(), // name of the administrator; null: gone since, or made on the machine itself
  accepted_by: z.string().nullable(), // name of the user who came of it
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
})
export type Invitation = z.infer<typeof invitation>

/** The token is in this reply and nowhere else: the server keeps its hash. */
export const invitationMade = z.strictObject({ invitation, token: z.string() })
export type InvitationMade = z.infer<typeof invitationMade>

export const invitationQuery = z.object({ cursor: z.string().min(1).max(512).optional() })

export const invitationParams = z.object({ id: recordedId })

export const invitationList = z.strictObject({
  invitations: z.array(invitation), // newest first
  total: z.int().nonnegative(),
  next_cursor: z.string().nullable(),
})
export type InvitationList = z.infer<typeof invitationList>
