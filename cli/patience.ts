import { setTimeout as pause } from 'node:timers/promises'
import { CommandError, EXIT } from './exit-codes'
import type { Terminal } from './terminal'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 8_000
const ATTEMPTS = 18 // about a hundred seconds

/**
 * Does something again until the app answers: it may have been closed, killed or updated meanwhile. Only for what is safe
 * to do twice.
 */
export async function patiently<Result>(terminal: Terminal, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error) || attempt === ATTEMPTS) throw error
      if (attempt === 2) terminal.note('Aurelius does not answer; waiting for it to come back.')
      await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt))
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof CommandError && (error.exitCode === EXIT.unavailable || error.exitCode === EXIT.tryAgain)
}
