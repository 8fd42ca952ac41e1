import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { DesktopSession } from './desktop-session'
import { newFolder } from './new-folder'
import type { TestServer } from './start-test-server'

export const CLI_PROGRAM = resolve(import.meta.dirname, '../../dist/cli/aurelius.cjs')

export interface CliRun {
  exitCode: number | null
  stdout: string
  stderr: string
}

export interface CliOptions {
  environment?: Record<string, string>
  /** What is typed or piped in. */
  input?: string
  folder?: string
}

/** Runs the built `aurelius` command as a person would, in a home of their own and without a keychain. */
export function aurelius(words: string[], options: CliOptions = {}): Promise<CliRun> {
  const { environment = {}, input, folder = newFolder() } = options
  const home = { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder }
  return run(process.execPath, [CLI_PROGRAM, ...words], { env: { ...home, ...environment }, cwd: folder, input })
}

/** The same within a desktop session, with its keychain. */
export function aureliusIn(
  session: DesktopSession,
  words: string[],
  environment = {},
  input?: string,
): Promise<CliRun> {
  const { command, args } = session.asUser(process.execPath, [CLI_PROGRAM, ...words])
  return run(command, args, { env: { ...session.env, ...environment }, cwd: session.env.HOME, input })
}

export async function run(
  command: string,
  args: string[],
  { env, cwd, input }: { env: NodeJS.ProcessEnv; cwd?: string | undefined; input?: string | undefined },
): Promise<CliRun> {
  const child = spawn(command, args, { cwd, env, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
  child.stdin?.end(input)
  const said: CliRun = { exitCode: null, stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => {
    said.stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    said.stderr += chunk
  })
  await once(child, 'close')
  return { ...said, exitCode: child.exitCode }
}

/** The environment under which a command finds the database of a test's server. */
export function settingsOf({ config, secrets }: Pick<TestServer, 'config' | 'secrets'>): Record<string, string> {
  const { database } = config
  if (database.dialect === 'sqlite') return { DB_DIALECT: 'sqlite', DB_STORAGE: database.storage }
  const { host, port, name, user } = database
  return {
    DB_DIALECT: 'postgres',
    DB_HOST: host,
    DB_PORT: String(port),
    DB_NAME: name,
    DB_USER: user,
    DB_PASSWORD: secrets.databasePassword ?? '',
  }
}
