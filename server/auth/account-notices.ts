import type { Mailer } from '../mail/mailer'
import { emailChangedMail, passwordChangedMail } from '../mail/mails'

export type AccountNotices = ReturnType<typeof createAccountNotices>

/** Tells people by mail what was done to their account, so that they notice what they did not do themselves. */
export function createAccountNotices(mailer: Mailer, publicUrl: string | null) {
  return {
    passwordChanged: (email: string) =>
      mailer.send(async () => [passwordChangedMail({ to: email, signInUrl: `${publicUrl}/sign-in` })]),

    emailChanged: (formerEmail: string, newEmail: string) =>
      mailer.send(async () => [emailChangedMail({ to: formerEmail, newEmail })]),
  }
}
