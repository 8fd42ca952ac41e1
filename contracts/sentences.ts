import type { z } from 'zod'

type RawIssue = z.core.$ZodRawIssue

interface Bound {
  origin: string
  inclusive?: boolean | undefined
  exact?: boolean | undefined
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object with named fields',
  record: 'an object with named fields',
  null: 'null',
}
const FORMS: Record<string, string> = {
  date: 'This must be a day such as 2026-01-31.',
  datetime: 'This must be a time such as 2026-01-31T12:00:00Z.',
  email: 'This must be an e-mail address such as name@example.com.',
  ipv4: 'This must be an IP address.',
  ipv6: 'This must be an IP address.',
  uuid: 'This must be an id that Aurelius has given.',
  url: 'This must be an address such as https://research.example.',
}

/**
 * One sentence for people about a value that does not fit a contract, where the contract has none of its own. Nothing of
 * the value is in it. For the `error` option of a parse.
 */
export function sentenceFor(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return ofKind(issue.expected, issue.input)
    case 'too_small':
      return atLeast(issue)
    case 'too_big':
      return atMost(issue)
    case 'invalid_value':
      return issue.values.length === 1
        ? `This must be ${String(issue.values[0])}.`
        : `This must be one of: ${issue.values.join(', ')}.`
    case 'invalid_format':
      return FORMS[issue.format] ?? 'This does not have the right form.'
    case 'not_multiple_of':
      return `This must be a multiple of ${issue.divisor}.`
    case 'unrecognized_keys':
      return `There is a field here that is not known${knownBy(issue.inst)}.`
    case 'invalid_key':
      return 'There is a name here that is not known.'
    case 'invalid_union':
      return 'This has none of the forms that are taken here.'
    default:
      return 'This is not valid here.'
  }
}

function ofKind(expected: string, input: unknown): string {
  if (input === undefined) return 'This field is required.'
  if ((expected === 'number' || expected === 'int') && typeof input === 'number' && !Number.isInteger(input))
    return Number.isFinite(input) ? 'This must be a whole number.' : 'This must be a number.'
  return `This must be ${KINDS[expected] ?? 'of another kind'}.`
}

function atLeast({ origin, minimum, inclusive, exact }: Bound & { minimum: number | bigint }): string {
  if (origin === 'string' || origin === 'array')
    return Number(minimum) === 1 && !exact
      ? 'This must not be empty.'
      : `This must have ${exact ? 'exactly' : 'at least'} ${amount(origin, minimum)}.`
  return inclusive === false ? `This must be more than ${minimum}.` : `This must be at least ${minimum}.`
}

function atMost({ origin, maximum, inclusive, exact }: Bound & { maximum: number | bigint }): string {
  if (origin === 'string' || origin === 'array')
    return `This must have ${exact ? 'exactly' : 'at most'} ${amount(origin, maximum)}.`
  return inclusive === false ? `This must be less than ${maximum}.` : `This must be at most ${maximum}.`
}

function amount(origin: 'string' | 'array', count: number | bigint): string {
  const [one, many] = origin === 'string' ? ['character', 'characters'] : ['entry', 'entries']
  return `${count} ${Number(count) === 1 ? one : many}`
}

/** The fields there are: what to choose from instead. */
function knownBy(inst: RawIssue['inst']): string {
  const shape = inst && 'shape' in inst._zod.def ? inst._zod.def.shape : undefined
  const names = Object.keys(shape ?? {})
  return names.length > 0 ? `: the fields are ${names.join(', ')}` : ''
}
