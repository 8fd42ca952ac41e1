import type { Command, CommanderError } from 'commander'
import { AppError } from '../server/errors'
import { StartError } from '../server/start-error'
import { CommandError, EXIT } from './exit-codes'

export interface Failure {
  message: string
  exitCode: number
  unexpected: boolean
}

const UNEXPECTED = 'The command met an unexpected error: run it again with LOG_LEVEL=debug to see more.'

const EXIT_OF_CODE: Partial<Record<AppError['code'], number>> = {
  validation_failed: EXIT.data,
  email_taken: EXIT.data,
  database_unavailable: EXIT.tryAgain,
  busy: EXIT.tryAgain,
  too_many_requests: EXIT.tryAgain,
}

/** What is said of an error, and the exit code that goes with it. Nothing but sentences meant for people leaves. */
export function toFailure(error: unknown): Failure {
  const failure = (exitCode: number, message: string) => ({ message, exitCode, unexpected: false })
  if (error instanceof CommandError || error instanceof StartError) return failure(error.exitCode, error.message)
  if (error instanceof AppError) return failure(EXIT_OF_CODE[error.code] ?? EXIT.noPermission, error.message)
  // The keychain's own; its class lives where keytar does.
  if (error instanceof Error && error.name === 'KeychainError') return failure(EXIT.unavailable, error.message)
  return { message: UNEXPECTED, exitCode: EXIT.software, unexpected: true }
}

/** Makes a command and those below it end with a sentence that names the help which explains them. */
export function explainUsage(command: Command, before: string[] = []): void {
  const names = [...before, command.name()]
  command.exitOverride((error: CommanderError) => {
    if (error.exitCode === 0) throw error // help and version
    throw new CommandError(EXIT.usage, usageSentence(error.message, `see ${names.join(' ')} --help`))
  })
  for (const each of command.commands) explainUsage(each, names)
}

/** Commander's "error: unknown command 'x'" as a sentence. */
function usageSentence(said: string, help: string): string {
  // The value of an option may be a secret that belongs elsewhere.
  const text = said
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replace(/'(--?[\w-]+)=[^']*'/, "'$1'")
  if (text === '(outputHelp)') return `Say what to do; ${help}.`
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}; ${help}.`
}
