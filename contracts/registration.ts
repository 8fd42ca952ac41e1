import { z } from 'zod'
import { email, newPassword, PASSWORD_MIN_LENGTH, personName } from './auth'
import { role } from './scopes'

export const registrationMode = z.enum(['open', 'invitation', 'closed'])
export type RegistrationMode = z.infer<typeof registrationMode>

/** What a page must know before anybody has signed in. */
export const authSettings = z.strictObject({
  first_run: z.boolean(), // nobody has an account yet: the first administrator can be made
  registration: registrationMode,
  password_min_length: z.int().min(PASSWORD_MIN_LENGTH), // of new passwords
  second_factor_required: z.boolean(), // of everybody; whoever has none sets one up after signing in
  has_mail: z.boolean(), // a forgotten password is set anew by a link in a mail
})
export type AuthSettings = z.infer<typeof authSettings>

/** The code is shown to whoever started the server; dashes, spaces and case do not matter. */
export const firstAdministratorRequest = z.object({
  setup_code: z
    .string('Enter the setup code.')
    .trim()
    .min(1, 'Enter the setup code.')
    .max(64, 'That is no setup code.'),
  name: personName,
  email,
  password: newPassword,
})
export type FirstAdministratorRequest = z.infer<typeof firstAdministratorRequest>

/** The secret of an invitation as the link carries it: 256 bits, base64url. */
export const invitationToken = z
  .string('Enter the invitation.')
  .trim()
  .min(1, 'Enter the invitation.')
  .max(64, 'That is no invitation.')

export const invitationLook = z.object({ invitation: invitationToken })
export type InvitationLook = z.infer<typeof invitationLook>

/** What an invitation offers to whoever has its link. */
export const invitationOffer = z.strictObject({
  email: z.string().nullable(), // whom it is for; null: whoever has the link
  role,
  expires_at: z.iso.datetime(),
})
export type InvitationOffer = z.infer<typeof invitationOffer>
