import { BadValue, UnreadableFile } from './faults'

export type JsonObject = Record<string, unknown>

/** @throws {UnreadableFile} it is no JSON object */
export function readObject(text: string): JsonObject {
  try {
    const found: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    if (isObject(found)) return found
  } catch {
    // said below
  }
  throw new UnreadableFile('The file is no JSON document, or it was cut off.')
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {})
export const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Some tools write their decimals as text. */
export function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** @throws {BadValue} */
export function needNumber(from: JsonObject, name: string): number {
  const number = toNumber(from[name])
  if (number === undefined) throw new BadValue(`has no ${name} that is a number`)
  return number
}

/** @returns ISO 8601 in UTC @throws {BadValue} */
export function needTime(from: JsonObject, name: string, milliseconds?: string): string {
  const ms = milliseconds === undefined ? undefined : toNumber(from[milliseconds])
  const text = asText(from[name])
  // Without a zone these tools mean UTC.
  const time =
    ms ?? Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`)
  if (!Number.isFinite(time) || Math.abs(time) > 8.64e15) throw new BadValue(`has no ${name} that is a time`)
  return new Date(time).toISOString()
}

/** Figures of a tool by our names; those that are not given or not finite are left out. */
export function figures(given: Record<string, number | undefined>): { reported_metrics?: Record<string, number> } {
  const known = Object.entries(given).filter((entry): entry is [string, number] => entry[1] !== undefined)
  return known.length === 0 ? {} : { reported_metrics: Object.fromEntries(known) }
}

export const negative = (value: number | undefined): number | undefined => (value === undefined ? undefined : 0 - value)
