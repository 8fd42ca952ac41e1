import { BadValue, quoted } from './faults'

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const DECIMAL_COMMA = /^[+-]?\d{1,3}(\.\d{3})*,\d+$|^[+-]?\d+,\d+$/
const SEPARATED = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/
const CURRENCY = /^[+-]?\p{Sc}|\p{Sc}$/u

/** Whether a cell stands for no value, as pandas and R write it. */
export function isBlank(text: string): boolean {
  return /^(nan|na|n\/a|null|none|nat)?$/i.test(text)
}

/** @throws {BadValue} it is no finite number with a decimal point */
export function readNumber(text: string, name: string): number {
  if (PLAIN.test(text)) {
    const number = Number(text)
    if (Number.isFinite(number)) return number
  }
  if (isBlank(text)) throw new BadValue(`has no ${name}`)
  throw new BadValue(`has ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name} that ${whyNot(text)}: ${quoted(text)}`)
}

function whyNot(text: string): string {
  // 1,234 may be either: a comma never counts, so that no value is ever taken for a thousandth or thousandfold of itself.
  if (SEPARATED.test(text) && !DECIMAL_COMMA.test(text)) return 'has separators of thousands; leave them out'
  if (DECIMAL_COMMA.test(text)) return 'has a comma; write numbers with a decimal point and no separators'
  if (/%$/.test(text)) return 'is a percentage; write it as a fraction, 0.12 for 12 %'
  if (CURRENCY.test(text)) return 'has a currency sign; leave it out'
  return 'is no finite number'
}
