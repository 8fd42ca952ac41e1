import type { ErrorCode } from '../../contracts/problem'

const HOUR = 3_600
const DAY = 86_400

/** When attempts that were counted under one key make the next one wait. */
export interface Rule {
  /** So many count without any wait. */
  free: number
  /** How long counts are remembered; of a `row`, since the last one, of a `window`, since the first. */
  seconds: number
  /**
   * `row`: after those that are free the wait is 1 s and doubles with each, up to an hour; after `most` in a row it is
   * as long as they are remembered. `window`: after those that are free, until the window ends.
   */
  kind: 'row' | 'window'
  most: number
  /** Whether those that succeed count as well. */
  counts: 'failures' | 'attempts'
}

/** What is limited: each rule has a key of its own, made of whose account is tried, from which address, or both. */
export interface Policy {
  name: string
  /** How an attempt fails that counts; any other failure says nothing about who tries. */
  failures: ErrorCode[]
  rules: { pair: Rule; account?: Rule; address?: Rule }
  /** Whether a success shows that the address is one this account uses. */
  provesAddress: boolean
  /** Whether from an address this account uses only `pair` counts, so that no stranger can lock it out there. */
  trustsProvenAddress: boolean
}

// NIST SP 800-63B-4 section 3.2.2: no more than 100 failed attempts in a row on one account.
const MOST_IN_A_ROW = 100

const row = (free: number): Rule => ({ kind: 'row', free, most: MOST_IN_A_ROW, seconds: DAY, counts: 'failures' })
const window = (free: number, counts: Rule['counts']): Rule => ({
  kind: 'window',
  free,
  most: free,
  seconds: HOUR,
  counts,
})

export const signInPolicy: Policy = {
  name: 'sign-in',
  failures: ['invalid_credentials'],
  rules: { pair: row(10), account: row(30), address: window(300, 'failures') },
  provesAddress: true,
  trustsProvenAddress: true,
}

export const registrationPolicy: Policy = {
  name: 'registration',
  failures: ['email_taken', 'invitation_invalid'],
  rules: { pair: row(10), address: window(100, 'attempts') },
  provesAddress: true,
  trustsProvenAddress: false,
}

/** The account is what was shown: a setup code or an invitation. Nobody can guess one, but each guess costs a look. */
export const admissionPolicy: Policy = {
  name: 'admission',
  failures: ['wrong_setup_code', 'invitation_invalid'],
  rules: { pair: row(10), address: window(100, 'failures') },
  provesAddress: false,
  trustsProvenAddress: false,
}

/** The account is the token that is shown: nobody can guess one, but each guess costs a look into the database. */
export const renewalPolicy: Policy = {
  name: 'renewal',
  failures: ['not_authenticated'],
  rules: { pair: row(10), address: window(300, 'failures') },
  provesAddress: false,
  trustsProvenAddress: false,
}

/** Each request may send a mail: nobody's mailbox is to be filled by strangers. */
export const passwordResetPolicy: Policy = {
  name: 'password-reset',
  failures: [],
  rules: { pair: window(5, 'attempts'), account: window(10, 'attempts'), address: window(50, 'attempts') },
  provesAddress: false,
  trustsProvenAddress: true,
}

/** Each change that is asked for sends two mails, one of them to an address that may be anybody's. */
export const emailChangePolicy: Policy = {
  name: 'email-change',
  failures: ['wrong_password', 'email_taken'],
  rules: { pair: row(10), account: window(10, 'attempts') },
  provesAddress: false,
  trustsProvenAddress: false,
}

/** The account is the token of the link, as at a renewal. */
export const linkPolicy: Policy = {
  name: 'link',
  failures: ['link_invalid'],
  rules: { pair: row(10), address: window(300, 'failures') },
  provesAddress: false,
  trustsProvenAddress: false,
}

/**
 * Keys that are looked up and found to be none. The account is the key that is shown, so one that was revoked and is still
 * in use somewhere locks itself, and the other keys of its address go on.
 */
export const apiKeyPolicy: Policy = {
  name: 'api-key',
  failures: ['invalid_token'],
  rules: { pair: row(10), address: window(300, 'failures') },
  provesAddress: true,
  trustsProvenAddress: true,
}

/** A stolen access token must not be a way to try passwords without a limit. */
export const passwordChangePolicy: Policy = {
  name: 'password-change',
  failures: ['wrong_password'],
  rules: { pair: row(10), account: row(30) },
  provesAddress: false,
  trustsProvenAddress: false,
}

/** The second step of a sign-in: whoever takes it has the password already. */
export const secondFactorPolicy: Policy = {
  name: 'second-factor',
  failures: ['wrong_code'],
  rules: { pair: row(10), account: row(30) },
  provesAddress: true,
  trustsProvenAddress: true,
}

/** Each question to an authenticator is kept until it is answered or too old. */
export const passkeyOptionsPolicy: Policy = {
  name: 'passkey-options',
  failures: [],
  rules: { pair: row(10), address: window(300, 'attempts') },
  provesAddress: false,
  trustsProvenAddress: false,
}

/** A passkey is too long to guess; what is limited is the work that checking one takes. */
export const passkeyPolicy: Policy = {
  name: 'passkey',
  failures: ['wrong_passkey'],
  rules: { pair: row(10), address: window(300, 'failures') },
  provesAddress: false,
  trustsProvenAddress: false,
}

/** Proofs that a signed-in person gives once more: a stolen access token must not be a way to guess them. */
export const stepUpPolicy: Policy = {
  name: 'step-up',
  failures: ['wrong_code', 'wrong_password', 'wrong_passkey'],
  rules: { pair: row(10), account: row(30) },
  provesAddress: false,
  trustsProvenAddress: false,
}

/** The policies that can lock an account, and how each names it. */
export const accountPolicies = [
  { attempt: 'sign_in', policy: signInPolicy, names: 'email' },
  { attempt: 'second_factor', policy: secondFactorPolicy, names: 'email' },
  { attempt: 'password_reset', policy: passwordResetPolicy, names: 'email' },
  { attempt: 'password_change', policy: passwordChangePolicy, names: 'id' },
  { attempt: 'step_up', policy: stepUpPolicy, names: 'id' },
] as const

/**
 * How long the next attempt must wait.
 *
 * @param count what was counted, and for how many milliseconds it is still remembered
 * @returns milliseconds; 0 or less: not at all
 */
export function waitOf(rule: Rule, count: { points: number; remembered: number }): number {
  if (count.points < rule.free) return 0
  if (count.points >= rule.most) return count.remembered
  const passed = rule.seconds * 1000 - count.remembered
  return Math.min(2 ** (count.points - rule.free), HOUR) * 1000 - passed
}
