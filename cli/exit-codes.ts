import { EXIT as START } from '../server/start-error'

/** sysexits.h: what a command tells the shell. The README lists them. */
export const EXIT = {
  ...START,
  ok: 0,
  gateFailed: 10, // the gate was evaluated, and a check did not hold
  gateInconclusive: 11, // the gate was evaluated, and evidence is missing
  usage: 64, // an unknown command or option
  interrupted: 130,
  tryAgain: 75, // busy, or too many attempts
} as const

/** A command that cannot go on, in one plain sentence that says what to do. */
export class CommandError extends Error {
  override name = 'CommandError'
  readonly exitCode: number

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
