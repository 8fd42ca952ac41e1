const NEEDS_QUOTES = /[",\r\n]/
// A spreadsheet takes these for the beginning of a formula (OWASP, CSV injection).
const BEGINS_FORMULA = /^[=+\-@\t\r]/

/** One record of RFC 4180, with its line end. A text that a spreadsheet would calculate gets an apostrophe in front. */
export function csvRecord(values: (string | number | null)[]): string {
  return `${values.map(field).join(',')}\r\n`
}

function field(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = BEGINS_FORMULA.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
