/**
 * What the drivers give for a column as what the API shows. Postgres gives dates and parsed JSON, SQLite texts; rows that
 * another system made may hold anything.
 */

/** What an account is called that was deleted: what it recorded stays, its name does not. */
export const DELETED_ACCOUNT = 'Deleted account'

const UNKNOWN_INSTANT = '1970-01-01T00:00:00.000Z'

export function instant(stored: unknown): string {
  return instantOrNull(stored) ?? UNKNOWN_INSTANT
}

export function instantOrNull(stored: unknown): string | null {
  if (stored === null || stored === undefined) return null
  const text = String(stored)
  const moment =
    stored instanceof Date ? stored : new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`)
  const written = Number.isNaN(moment.getTime()) ? '' : moment.toISOString()
  return /^\d{4}-/.test(written) ? written : null
}

/** `fallback` where there is nothing, or something that is no JSON. */
export function json<Value>(stored: unknown, isRight: (value: unknown) => value is Value, fallback: Value): Value {
  try {
    const value: unknown = typeof stored === 'string' ? JSON.parse(stored) : stored
    return isRight(value) ? value : fallback
  } catch {
    return fallback
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

/** SQLite keeps truth as a number. */
export const isTrue = (stored: unknown): boolean => stored === true || stored === 1

export function textOrNull(stored: unknown): string | null {
  return stored === null || stored === undefined ? null : String(stored)
}

/** A person by the name of their account; without an account any more, by that. `null` where nobody is named. */
export function nameOf(id: unknown, name: unknown): string | null {
  return textOrNull(name) ?? (id === null || id === undefined ? null : DELETED_ACCOUNT)
}

export function numberOrNull(stored: unknown): number | null {
  const value = stored === null || stored === undefined || stored === '' ? Number.NaN : Number(stored)
  return Number.isFinite(value) ? value : null
}

/** The day of a date or an instant. */
export function dayOrNull(stored: unknown): string | null {
  const text = stored instanceof Date ? stored.toISOString() : String(stored)
  return /^\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? null
}

const FIRST_DAY = '0001-01-01'
const LAST_DAY = '9999-12-31'

/** The day of a moment in ms UTC; of one outside the years 1 to 9999, which no date says, the nearest day in them. */
export function dayOf(time: number): string {
  if (time < Date.parse(FIRST_DAY)) return FIRST_DAY
  return time > Date.parse(`${LAST_DAY}T23:59:59.999Z`) ? LAST_DAY : new Date(time).toISOString().slice(0, 10)
}
