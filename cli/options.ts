import { CommandError, EXIT } from './exit-codes'

/** For an option that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value]

/** `name=value` of an option, as often as it was given. @throws {CommandError} */
export function pairs(given: string[] | undefined, option: string): [string, string][] {
  return (given ?? []).map((pair) => {
    const at = pair.indexOf('=')
    if (at > 0) return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
    throw new CommandError(EXIT.usage, `${option} takes a name, an equals sign and a value: ${option} window=20.`)
  })
}

/** Parameters of a strategy: what reads as JSON is that (20, true, [1,2]), anything else a text. */
export function parameters(given: string[] | undefined): Record<string, unknown> | undefined {
  if (!given) return undefined
  return Object.fromEntries(pairs(given, '--param').map(([name, text]) => [name, asJson(text)]))
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** @throws {CommandError} it is no number of this range */
export function wholeNumber(text: string, option: string, least = 1): number {
  const number = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least) return number
  throw new CommandError(EXIT.usage, `${option} takes a whole number from ${least} on.`)
}

/** @throws {CommandError} it is none of these */
export function oneOf<Word extends string>(words: readonly Word[], text: string, option: string): Word {
  const found = words.find((word) => word === text)
  if (found !== undefined) return found
  throw new CommandError(EXIT.usage, `${option} takes one of ${words.join(', ')}.`)
}
