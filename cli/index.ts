import { Command, CommanderError } from 'commander'
import { dataFolder } from '../server/data-folder'
import { addAuditCommands } from './commands/audit'
import { addBacktestCommands } from './commands/backtests'
import { addEvidenceCommands } from './commands/evidence'
import { addGateCommands } from './commands/gates'
import { addKeyCommands } from './commands/keys'
import { addLoginCommands } from './commands/login'
import { addRunCommand, withScriptApart } from './commands/run'
import { addSigningKeyCommands } from './commands/signing-key'
import { addStatusCommand } from './commands/status'
import { addStrategyCommands } from './commands/strategies'
import { addUserCommands } from './commands/users'
import { addWatchCommand } from './commands/watch'
import type { Surroundings, WithContext } from './context'
import { EXIT } from './exit-codes'
import { explainUsage, toFailure } from './failure'
import { openTerminal } from './terminal'

interface GlobalOptions {
  json?: boolean
  dataFolder?: string
  database?: string
}

/** Runs one command and answers its exit code. What it found goes to stdout, one sentence about a failure to stderr. */
export async function runCli(surroundings: Surroundings): Promise<number> {
  const { words, stdout, stderr, environment } = surroundings
  const terminal = openTerminal(stdout, stderr, words.includes('--json'), environment)
  try {
    await createProgram(surroundings).parseAsync(withScriptApart(words), { from: 'user' })
    return EXIT.ok
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok // help and version
    const { message, exitCode, unexpected } = toFailure(error)
    if (message !== '') terminal.fail(message, exitCode)
    if (unexpected && environment.LOG_LEVEL === 'debug') stderr.write(`${String((error as Error).stack)}\n`)
    return exitCode
  }
}

function createProgram(surroundings: Surroundings): Command {
  const { stdout, stderr, environment, version } = surroundings
  const program = new Command('aurelius')
    .description('Aurelius on the command line. Start it without a command for the desktop app.')
    .version(version, '-V, --version', 'the version of this command')
    .option('--json', 'results and failures as JSON')
    .option('--data-folder <folder>', 'where Aurelius keeps its data, if not in the usual place')
    .option('--database <file>', 'the SQLite database to work on, if not the one in the settings')
    .helpOption('-h, --help', 'what there is, or how a command is used')
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .addHelpText('after', '\nEach command explains itself with --help. Exit codes are listed in the README.')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: () => undefined, // failures are told in one place
      getOutHasColors: () => false,
    })

  const withContext: WithContext =
    (work) =>
    async (...rest) => {
      const { json = false, dataFolder: folder, database } = program.opts<GlobalOptions>()
      await work(
        {
          ...surroundings,
          dataFolder: folder ?? (environment.AURELIUS_DATA_FOLDER || dataFolder(environment)),
          databaseFile: database,
          terminal: openTerminal(stdout, stderr, json, environment),
        },
        ...rest,
      )
    }
  addStatusCommand(program, withContext)
  addKeyCommands(program, withContext)
  addLoginCommands(program, withContext)
  addRunCommand(program, withContext)
  addAuditCommands(program, withContext)
  addStrategyCommands(program, withContext)
  addBacktestCommands(program, withContext)
  addWatchCommand(program, withContext)
  addGateCommands(program, withContext)
  addEvidenceCommands(program, withContext)
  addSigningKeyCommands(program, withContext)
  addUserCommands(program, withContext)
  explainUsage(program)
  return program
}
