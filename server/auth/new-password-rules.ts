import { ValidationError } from '../errors'
import { type PasswordOwner, refuseGuessable } from './guessable-passwords'

export type NewPasswordRules = ReturnType<typeof createNewPasswordRules>

/** What every new password is held against, whoever sets it and however. */
export function createNewPasswordRules(minLength: number) {
  return {
    /** @throws {ValidationError} the password is shorter than this server wants, or one of those guessed first */
    async check(field: string, password: string, owner: PasswordOwner): Promise<void> {
      if ([...password].length < minLength) {
        const message = `A password has at least ${minLength} characters.`
        throw new ValidationError([{ field, message, code: 'too_small' }])
      }
      await refuseGuessable(field, password, owner)
    },
  }
}
