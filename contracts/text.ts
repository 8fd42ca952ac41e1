import { z } from 'zod'

const CONTROL = /\p{Cc}/u
const CONTROL_BUT_LINES = /[^\P{Cc}\n\t]/u
/** Half of a surrogate pair: it has no UTF-8 form, so a store would take another character in its place. */
const HALF_CHARACTER = /\p{Cs}/u

/** One line that people read: trimmed, never empty, without control characters. */
export const line = (what: string, most: number) =>
  z
    .string(`Enter ${what}.`)
    .trim()
    .min(1, `Enter ${what}.`)
    .max(most, `At most ${most} characters fit here.`)
    .refine((value) => !CONTROL.test(value), 'Control characters do not belong here.')
    .refine((value) => !HALF_CHARACTER.test(value), 'Half of a character does not belong here.')

/** Some lines that people read; may be empty. */
export const prose = (most: number) =>
  z
    .string('Enter a text.')
    .trim()
    .max(most, `At most ${most} characters fit here.`)
    .refine((value) => !CONTROL_BUT_LINES.test(value), 'Control characters do not belong here.')
    .refine((value) => !HALF_CHARACTER.test(value), 'Half of a character does not belong here.')

/** The id of something recorded, as it came from this server. */
export const recordedId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\0]*$/)
