import type { FactorKind } from '../../contracts/factors'
import type { Mail, Mailer } from '../mail/mailer'
import {
  emailChangedMail,
  factorAddedMail,
  factorRemovedMail,
  factorsResetMail,
  passwordChangedMail,
} from '../mail/mails'

export type AccountNotices = ReturnType<typeof createAccountNotices>

/** Tells people by mail what was done to their account, so that they notice what they did not do themselves. */
export function createAccountNotices(
  mailer: Mailer,
  publicUrl: string | null,
  findUser: (id: string) => Promise<{ email: string } | undefined>,
) {
  const profileUrl = `${publicUrl}/profile`

  const tell = (userId: string, write: (to: string) => Mail) =>
    mailer.send(async () => {
      const found = await findUser(userId)
      return found ? [write(found.email)] : []
    })

  return {
    passwordChanged: (email: string) =>
      mailer.send(async () => [passwordChangedMail({ to: email, signInUrl: `${publicUrl}/sign-in` })]),

    emailChanged: (formerEmail: string, newEmail: string) =>
      mailer.send(async () => [emailChangedMail({ to: formerEmail, newEmail })]),

    factorAdded: (userId: string, factor: FactorKind) =>
      tell(userId, (to) => factorAddedMail({ to, factor, profileUrl })),

    factorRemoved: (userId: string, factor: FactorKind) =>
      tell(userId, (to) => factorRemovedMail({ to, factor, profileUrl })),

    factorsReset: (userId: string) => tell(userId, (to) => factorsResetMail({ to, profileUrl })),
  }
}
