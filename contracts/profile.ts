import { z } from 'zod'
import { claimedPassword, personName } from './auth'

export const updateProfileRequest = z.object({ name: personName })
export type UpdateProfileRequest = z.infer<typeof updateProfileRequest>

/** What cannot be taken back asks for the password once more. */
export const deleteAccountRequest = z.object({ password: claimedPassword })
export type DeleteAccountRequest = z.infer<typeof deleteAccountRequest>
