import { z } from 'zod'

const CONTROL = /\p{Cc}/u
const CONTROL_BUT_LINES = /[^\P{Cc}\n\t]/u
/** Half of a surrogate pair: it has no UTF-8 form, so a store would take another character in its place. */
const HALF_CHARACTER = /\p{Cs}/u

/** What nobody sees: a name with it looks like another one, or turns the text around it. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800\ufff9-\ufffb]/u
/** Joiners inside a word or an emoji, and the variants of a character: scripts need them (Unicode Standard Annex 31). */
const JOINER =
  /(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d](?=[\p{L}\p{Extended_Pictographic}])/u
const VARIANT = /(?<=[\p{L}\p{Extended_Pictographic}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u
const MEANT = new RegExp(`${JOINER.source}|${VARIANT.source}`, 'gu')

/** Whether a name holds something that nobody sees and that no script needs where it is. */
export const hasInvisible = (name: string): boolean => INVISIBLE.test(name.replace(MEANT, ''))

/** One line that people read: trimmed, never empty, without control or invisible characters. */
export const line = (what: string, most: number) =>
  z
    .string(`Enter ${what}.`)
    .trim()
    .min(1, `Enter ${what}.`)
    .max(most, `At most ${most} characters fit here.`)
    .refine((value) => !CONTROL.test(value), 'Control characters do not belong here.')
    .refine((value) => !HALF_CHARACTER.test(value), 'Half of a character does not belong here.')
    .refine((value) => !hasInvisible(value), 'Invisible characters do not belong here.')

/** Some lines that people read; may be empty. */
export const prose = (most: number) =>
  z
    .string('Enter a text.')
    .trim()
    .max(most, `At most ${most} characters fit here.`)
    .refine((value) => !CONTROL_BUT_LINES.test(value), 'Control characters do not belong here.')
    .refine((value) => !HALF_CHARACTER.test(value), 'Half of a character does not belong here.')

const idOf = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\0]*$/)

const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{Z}\p{C}\u2800]/u

/** Some lines that say something: they are not empty, nor only of what nobody sees. */
export const saying = (most: number, otherwise: string) =>
  prose(most)
    .pipe(z.string().min(1, otherwise))
    .refine((value) => value === '' || VISIBLE.test(value), otherwise)

/** The id of something recorded, as it came from this server. */
export const recordedId = idOf(64)

/** The id of an account: in a database that was adopted it may be as long as its column. */
export const accountId = idOf(255)
