/**
 * JSON in the one spelling that RFC 8785 defines: members sorted by UTF-16 code units, no spaces, numbers and strings as
 * ECMAScript writes them. Equal data give equal text, so a hash of the text is a hash of the data.
 *
 * @throws {TypeError} there is something JSON cannot say: a number that is not finite, half of a surrogate pair, undefined,
 *   a bigint, a function, or an object that is not plain
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`
  if (isPlainObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((name) => `${text(name)}:${canonicalJson(value[name])}`)
    return `{${members.join(',')}}`
  }
  throw new TypeError(`Not JSON: ${typeof value === 'object' ? 'an object of a class' : String(value)}`)
}

function text(value: string): string {
  if (/\p{Cs}/u.test(value)) throw new TypeError('Not JSON: half of a surrogate pair')
  return JSON.stringify(value)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
