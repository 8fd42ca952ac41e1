import { createHash } from 'node:crypto'

/** Keys that were printed in a guide and copied ever since, by their SHA-256. */
const PUBLISHED = new Set(['570dad43de1af4c925f92c16a68a50936da42b7dd6fdeb24850507a1199aac89'])
const STAND_INS =
  /[<>\s]|\btodo\b|change.?(me|this|it|in.?production)|placeholder|replace.?(me|this|with)|secret|password|passphrase|example|insecure|development|default|qwerty/i
const MIN_DIFFERENT = 8 // characters
const MIN_UNFORESEEN = 14 // characters

/**
 * Whether a key was typed as a stand-in for one: an instruction, known words, or text that repeats itself or counts.
 * A random key of 32 characters or more, in base64 or hex, is none.
 */
export function isPlaceholderSecret(key: string): boolean {
  const digest = createHash('sha256').update(key.toLowerCase()).digest('hex')
  if (PUBLISHED.has(digest) || STAND_INS.test(key)) return true
  return new Set(key).size < MIN_DIFFERENT || unforeseen(key) < MIN_UNFORESEEN
}

/** How many characters do not count on from the one before, nor end three that stood together earlier. */
function unforeseen(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const counts = Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) <= 1
    const repeats = at >= 2 && text.slice(0, at).includes(text.slice(at - 2, at + 1))
    if (!counts && !repeats) count += 1
  }
  return count
}
