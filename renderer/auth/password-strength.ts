import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

/** From 0, guessed at once, to 4. */
export type Score = 0 | 1 | 2 | 3 | 4

export interface Strength {
  score: Score
  /** What makes it easy to guess, as one sentence. */
  weakness: string | null
}

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

// By the names the library gives to what it finds.
const WEAKNESSES: Record<string, string> = {
  topTen: 'This is one of the most common passwords.',
  topHundred: 'This is one of the most common passwords.',
  common: 'This is a common password.',
  similarToCommon: 'This is close to a common password.',
  wordByItself: 'A single word is easy to guess.',
  userInputs: 'Your own name or address is tried first.',
  straightRow: 'Rows of keys are easy to guess.',
  keyPattern: 'Patterns on the keyboard are easy to guess.',
  simpleRepeat: 'Repeated characters add little.',
  extendedRepeat: 'Repeated words add little.',
  sequences: 'Sequences such as "abc" or "123" add little.',
  recentYears: 'Years are easy to guess.',
  dates: 'Dates are easy to guess.',
}

/**
 * Estimates how hard a password is to guess for somebody who knows its owner. It is advice: what counts is only whether
 * the server takes it.
 *
 * @param context what is known of the owner: name and e-mail address
 */
export function estimateStrength(password: string, context: string[]): Strength {
  const words = context.flatMap((text) => [text, ...text.split(/[\s@.]+/)]).filter((word) => word.length > 1)
  const { score, feedback } = zxcvbn.check(password, [...words, 'Aurelius'])
  return { score, weakness: WEAKNESSES[feedback.warning ?? ''] ?? null }
}
