import type { FactorKind } from '../../contracts/factors'
import type { Mail } from './mailer'
import { renderMail } from './render-mail'

interface LinkMail {
  to: string
  url: string
  /** How long the link is good, in words: "30 minutes". */
  lifetime: string
}

const NOT_YOU = 'If it was not you, do nothing: without the link nothing changes.'

export const passwordResetMail = ({ to, url, lifetime }: LinkMail): Mail => ({
  kind: 'password-reset',
  to,
  ...renderMail({
    subject: 'Set a new password for Aurelius',
    paragraphs: ['Somebody, most likely you, asked for a new password for the Aurelius account with this address.'],
    action: { label: 'Set a new password', url, note: `The link is good for ${lifetime} and can be used once.` },
    closing: NOT_YOU,
  }),
})

export const passwordChangedMail = ({ to, signInUrl }: { to: string; signInUrl: string }): Mail => ({
  kind: 'password-changed',
  to,
  ...renderMail({
    subject: 'Your Aurelius password was changed',
    paragraphs: ['The password of your Aurelius account was changed just now, and every other session was signed out.'],
    action: { label: 'Sign in', url: signInUrl },
    closing:
      'If it was not you, ask for a new password on the sign-in page at once, or ask your administrator for help.',
  }),
})

const FACTORS: Record<FactorKind, string> = { totp: 'An authenticator app', passkey: 'A passkey' }

interface FactorMail {
  to: string
  profileUrl: string
}

const CHANGE_IT = 'If it was not you, change your password at once, and ask your administrator for help.'

export const factorAddedMail = ({ to, factor, profileUrl }: FactorMail & { factor: FactorKind }): Mail => ({
  kind: 'factor-added',
  to,
  ...renderMail({
    subject: 'A second factor was added to your Aurelius account',
    paragraphs: [`${FACTORS[factor]} was added to your Aurelius account just now. Signing in asks for it from now on.`],
    action: { label: 'Open your profile', url: profileUrl },
    closing: CHANGE_IT,
  }),
})

export const factorRemovedMail = ({ to, factor, profileUrl }: FactorMail & { factor: FactorKind }): Mail => ({
  kind: 'factor-removed',
  to,
  ...renderMail({
    subject: 'A second factor was removed from your Aurelius account',
    paragraphs: [`${FACTORS[factor]} was removed from your Aurelius account just now.`],
    action: { label: 'Open your profile', url: profileUrl },
    closing: CHANGE_IT,
  }),
})

export const factorsResetMail = ({ to, profileUrl }: FactorMail): Mail => ({
  kind: 'factors-reset',
  to,
  ...renderMail({
    subject: 'The second factor of your Aurelius account was reset',
    paragraphs: [
      'An administrator took every second factor off your Aurelius account just now, and every session has ended.',
      'The password alone signs you in until you set up another.',
    ],
    action: { label: 'Open your profile', url: profileUrl },
    closing: 'If you did not ask for it, change your password at once, and tell your administrator.',
  }),
})

export const verificationMail = ({ to, url, lifetime }: LinkMail): Mail => ({
  kind: 'email-verification',
  to,
  ...renderMail({
    subject: 'Confirm your e-mail address for Aurelius',
    paragraphs: ['This address was given for an Aurelius account. Confirm that it is yours.'],
    action: { label: 'Confirm this address', url, note: `The link is good for ${lifetime}.` },
    closing: 'If you have no such account, do nothing: somebody mistyped an address.',
  }),
})

export const confirmOldAddressMail = ({ to, newEmail, url, lifetime }: LinkMail & { newEmail: string }): Mail => ({
  kind: 'email-change-current',
  to,
  ...renderMail({
    subject: 'Confirm the change of your Aurelius e-mail address',
    paragraphs: [
      `Your Aurelius account is to have the address ${newEmail} from now on.`,
      'The change counts when it is confirmed from this address and from the new one.',
    ],
    action: { label: 'Confirm the change', url, note: `The link is good for ${lifetime}.` },
    closing: 'If it was not you, do not confirm, and change your password: somebody knows it.',
  }),
})

export const confirmNewAddressMail = ({ to, url, lifetime }: LinkMail): Mail => ({
  kind: 'email-change-new',
  to,
  ...renderMail({
    subject: 'Confirm your new e-mail address for Aurelius',
    paragraphs: [
      'An Aurelius account is to have this address from now on.',
      'The change counts when it is confirmed from this address and from the one the account has today.',
    ],
    action: { label: 'Confirm this address', url, note: `The link is good for ${lifetime}.` },
    closing: 'If you have no such account, do nothing: somebody mistyped an address.',
  }),
})

export const emailChangedMail = ({ to, newEmail }: { to: string; newEmail: string }): Mail => ({
  kind: 'email-changed',
  to,
  ...renderMail({
    subject: 'Your Aurelius e-mail address was changed',
    paragraphs: [`Your Aurelius account now has the address ${newEmail}. Mail about it goes there from now on.`],
    closing: 'If it was not you, ask your administrator for help at once.',
  }),
})
