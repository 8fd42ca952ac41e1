import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { newFolder } from './new-folder'
import type { TestServer } from './start-test-server'

const PROGRAM = resolve(import.meta.dirname, '../../dist/cli/aurelius.cjs')

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

/** Runs the built `aurelius` command as a person would, in a home of their own. */
export async function aurelius(
  words: string[],
  { environment = {}, input, folder = newFolder() }: CliOptions = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder, ...environment },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  child.stdin?.end(input)
  const run: CliRun = { exitCode: null, stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => {
    run.stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    run.stderr += chunk
  })
  await once(child, 'close')
  return { ...run, exitCode: child.exitCode }
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
