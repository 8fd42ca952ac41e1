import { PASSWORD_MIN_LENGTH } from '../../contracts/auth'
import { ValidationError } from '../errors'

/** Whose password it is to be; attackers try what they know of somebody first. */
export interface PasswordOwner {
  email: string
  name: string
}

const PRODUCT = 'Aurelius'
/** Nobody tries the same key a hundred times first. */
const LONGEST_REPETITION = 20
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '1234567890',
  ...['qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'qsdfghjklm', 'zxcvbnm', 'yxcvbnm', 'wxcvbn'],
].flatMap((row) => [row + row, [...row, ...row].reverse().join('')])

let commonPasswords: Promise<Set<string>> | undefined

/**
 * Refuses passwords that are guessed first: the common ones, and those made of what is known of their owner (NIST SP
 * 800-63B-4 section 3.1.1.2). There is no other demand on what a password is made of.
 *
 * @throws {ValidationError} with one sentence on the field
 */
export async function refuseGuessable(field: string, password: string, owner: PasswordOwner): Promise<void> {
  const folded = fold(password)
  commonPasswords ??= loadCommonPasswords()
  if ((await commonPasswords).has(folded) || isPattern(folded))
    throw refusal(field, 'This password is one of the first that others would try: choose another one.')
  if (isMadeOfContext(folded, owner))
    throw refusal(
      field,
      `A password cannot be just your name, your e-mail address or ${PRODUCT}: choose something that only you know.`,
    )
}

/** Loaded with the first new password: nobody who starts the program should wait for it. */
async function loadCommonPasswords(): Promise<Set<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].filter((password) => password.length >= PASSWORD_MIN_LENGTH))
}

/** What the list leaves out because its makers find it by rule: "abababab", "98765432", "01.02.1990". */
function isPattern(password: string): boolean {
  return (
    (password.length <= LONGEST_REPETITION && /^(.{1,8})\1+$/su.test(password)) ||
    ROWS.some((row) => row.includes(password)) ||
    /^(?:(?:19|20)\d{6}|\d{4}(?:19|20)\d\d)$/.test(password.replace(/[-./ ]/g, ''))
  )
}

/** Whether nothing is left of it without the words an attacker knows, digits and punctuation. */
function isMadeOfContext(password: string, { email, name }: PasswordOwner): boolean {
  const address = fold(email)
  if ([address, ...address.split('@')].includes(password)) return true
  const words = fold(`${email} ${name} ${PRODUCT}`).match(/[\p{L}\p{M}]{2,}/gu) ?? []
  const longestFirst = [...words].sort((one, other) => other.length - one.length)
  const letters = password.replace(/[^\p{L}\p{M}]/gu, '')
  const rest = longestFirst.reduce((text, word) => text.replaceAll(word, ' '), letters)
  return letters !== '' && rest.trim() === ''
}

/** Full-width, bold and capital letters make no password harder to guess. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

function refusal(field: string, message: string): ValidationError {
  return new ValidationError([{ field, message, code: 'custom' }])
}
