/** sysexits.h: what a start that failed tells the shell. */
export const EXIT = {
  data: 65, // what was given is not acceptable, such as a password that is guessed first
  noInput: 66,
  noUser: 67,
  unavailable: 69,
  software: 70,
  cannotCreate: 73,
  noPermission: 77,
  config: 78,
} as const

/** A start that cannot go on, in one plain sentence that is safe to show and says what to do. */
export class StartError extends Error {
  override name = 'StartError'
  readonly exitCode: number

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
