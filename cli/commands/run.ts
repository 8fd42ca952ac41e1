import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:os'
import { basename, extname, resolve } from 'node:path'
import type { Command } from 'commander'
import { KEY_NAME_MAX_LENGTH } from '../../contracts/api-keys'
import { endpoints } from '../../contracts/endpoints'
import type { CommandContext, WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { keptFor } from '../kept'
import { getOrigin, takeUpSignIn } from '../signed-in'
import { printable } from '../terminal'
import { scopesOf } from './api-keys'

const KEY_LIFE_SECONDS = 3_600
const PYTHON = process.platform === 'win32' ? 'python' : 'python3'
const INTERPRETERS: Record<string, string> = {
  '.py': PYTHON,
  '.r': 'Rscript',
  '.js': 'node',
  '.mjs': 'node',
  '.cjs': 'node',
}
const FORWARDED = ['SIGTERM', 'SIGHUP'] as const
const OPTIONS_WITH_VALUE = ['--scope', '--key', '--data-folder', '--database']
const NOT_IN_NAMES = /[^\p{L}\p{N}._-]/gu

interface RunOptions {
  scope?: string
  key?: string
}

export function addRunCommand(program: Command, withContext: WithContext): void {
  program
    .command('run <script> [arguments...]')
    .description('run a script with an API key in its environment, which ends with it and after an hour at most')
    .option('--scope <scopes>', 'what the script may do, with commas between (ledger:read)')
    .option('--key <name>', 'give it this key of the keychain instead; nobody has to be signed in')
    .action(withContext(run))
}

/** What follows the script is the script's own: commander is to leave it alone. */
export function withScriptApart(words: string[]): string[] {
  let at = 0
  const skipOptions = () => {
    while (words[at]?.startsWith('-') && words[at] !== '--') at += OPTIONS_WITH_VALUE.includes(words[at] ?? '') ? 2 : 1
  }
  skipOptions()
  if (words[at] !== 'run') return words
  at += 1
  skipOptions()
  if (at >= words.length || words[at] === '--') return words
  return [...words.slice(0, at), '--', ...words.slice(at)]
}

async function run(context: CommandContext, script: string, words: string[], options: RunOptions): Promise<void> {
  const lent = options.key === undefined ? await lend(context, script, options) : await takeKept(context, options.key)
  const exitCode = await runWith(context, lent, script, words).finally(lent.giveBack)
  if (exitCode !== EXIT.ok) throw new CommandError(exitCode, '')
}

interface LentKey {
  origin: string
  secret: string
  giveBack(): Promise<void>
}

async function takeKept(context: CommandContext, name: string): Promise<LentKey> {
  const origin = getOrigin(context)
  const secret = await keptFor(context).key(name)
  if (secret === null)
    throw new CommandError(EXIT.noInput, 'The keychain keeps no API key of this name: see aurelius keys create.')
  return { origin, secret, giveBack: async () => undefined }
}

async function lend(context: CommandContext, script: string, { scope }: RunOptions): Promise<LentKey> {
  const scopes = scopesOf(scope === undefined ? undefined : [scope])
  const signedIn = await takeUpSignIn(context)
  const name = `run ${basename(script).replace(NOT_IN_NAMES, '_')}`.slice(0, KEY_NAME_MAX_LENGTH - 9)
  const body = { name: `${name} ${randomBytes(4).toString('hex')}`, scopes, expires_in_seconds: KEY_LIFE_SECONDS }
  const { api_key: key, secret } = await signedIn.call(endpoints.createApiKey, { body })
  return {
    origin: signedIn.origin,
    secret,
    async giveBack() {
      await signedIn.call(endpoints.revokeApiKey, { params: { id: key.id } }).catch(() => {
        context.terminal.note('The key of the script could not be revoked; it expires within an hour.')
      })
    },
  }
}

/** Runs the script and answers its exit code; a signal is told as shells do, 128 and its number. */
async function runWith(
  { environment, workingFolder, dataFolder }: CommandContext,
  { origin, secret }: LentKey,
  script: string,
  words: string[],
): Promise<number> {
  const interpreter = INTERPRETERS[extname(script).toLowerCase()]
  const [program, args] = interpreter ? [interpreter, [script, ...words]] : [script, words]
  const child = spawn(program, args, {
    cwd: workingFolder,
    env: {
      ...environment,
      AURELIUS_URL: origin,
      AURELIUS_API_KEY: secret,
      AURELIUS_DATA_FOLDER: resolve(workingFolder, dataFolder),
    },
    stdio: 'inherit',
  })
  // A terminal interrupts the script as well: this program waits for it, and then gives the key back.
  const stay = () => undefined
  const forward = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', stay)
  for (const signal of FORWARDED) process.on(signal, forward)
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    return code ?? 128 + (signal ? constants.signals[signal] : 0)
  } catch {
    throw new CommandError(EXIT.unavailable, `There is no program ${printable(program)} here that could be started.`)
  } finally {
    process.off('SIGINT', stay)
    for (const signal of FORWARDED) process.off(signal, forward)
  }
}
