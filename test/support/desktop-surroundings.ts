import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

export type KeychainKind = 'unlocked' | 'locked' | 'absent'

export interface DesktopSession {
  /** Own folders, own session bus, and the display it was opened on. */
  env: NodeJS.ProcessEnv
  /** Where the app keeps its data in this session. */
  dataFolder: string
  /** The command as an ordinary user would run it. */
  asUser(command: string, args: string[]): { command: string; args: string[] }
  /** What the OS keychain itself says; `null` for "no such entry". */
  secret(account: string): Promise<string | null>
  /** Starts the keychain service anew, or ends it; locked, it keeps its entries but asks for the password first. */
  restartKeychain(kind: KeychainKind): Promise<void>
  /** From now on the keychain takes calls and answers none. */
  freezeKeychain(): void
  close(): Promise<void>
}

const KEYRING_PASSWORD = 'throw-away'
// Chromium refuses its sandbox to root. Inside this user namespace root is an ordinary user to Chromium and the bus.
const AS_USER_ONE_THOUSAND = ['--user', '--map-user=1000', '--map-group=1000', '--']

export async function startDisplay(): Promise<{ display: string; stop(): Promise<void> }> {
  const args = ['-displayfd', '1', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  return { display: `:${await firstLine(server)}`, stop: () => end(server) }
}

export async function openDesktopSessionOn(
  display: string,
  keychain: KeychainKind = 'unlocked',
): Promise<DesktopSession> {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-desktop-'))
  const started: ChildProcess[] = []
  const env = { ...ownFolders(folder), DISPLAY: display }
  const start = (command: string, args: string[], options: SpawnOptions) => {
    const child = spawnAsUser(command, args, { env, ...options })
    started.unshift(child)
    return child
  }

  const bus = start('dbus-daemon', [`--config-file=${busConfiguration(folder)}`, '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  Object.assign(env, { DBUS_SESSION_BUS_ADDRESS: await firstLine(bus) })
  let keyring = keychain === 'absent' ? null : await startKeyring(start, env, 'unlocked')

  const session: DesktopSession = {
    env,
    dataFolder: join(folder, 'config', 'Aurelius'),
    asUser,
    async secret(account) {
      const found = await output('secret-tool', ['lookup', 'service', 'Aurelius', 'account', account], env)
      return found === '' ? null : found
    },
    async restartKeychain(kind) {
      if (keyring) await end(keyring)
      keyring = kind === 'absent' ? null : await startKeyring(start, env, kind)
    },
    freezeKeychain() {
      keyring?.kill('SIGSTOP')
    },
    async close() {
      for (const child of started) await end(child)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  if (keychain === 'locked') await session.restartKeychain('locked')
  return session
}

function ownFolders(folder: string): NodeJS.ProcessEnv {
  const inFolder = (name: string) => {
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 })
    return join(folder, name)
  }
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: inFolder('home'),
    TMPDIR: inFolder('tmp'),
    XDG_RUNTIME_DIR: inFolder('run'),
    XDG_CONFIG_HOME: inFolder('config'),
    XDG_DATA_HOME: inFolder('data'),
    XDG_CACHE_HOME: inFolder('cache'),
  }
}

/** No service but the unlock prompt starts by itself: whether there is a keychain is for the test to say. */
function busConfiguration(folder: string): string {
  const services = join(folder, 'services')
  mkdirSync(services)
  for (const name of ['org.gnome.keyring.SystemPrompter', 'org.gnome.keyring.PrivatePrompter']) {
    const service = `[D-BUS Service]\nName=${name}\nExec=/usr/libexec/gcr-prompter\n`
    writeFileSync(join(services, `${name}.service`), service)
  }
  const file = join(folder, 'bus.conf')
  writeFileSync(
    file,
    `<busconfig>
      <type>session</type>
      <listen>unix:path=${join(folder, 'run', 'bus')}</listen>
      <auth>EXTERNAL</auth>
      <servicedir>${services}</servicedir>
      <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
    </busconfig>`,
  )
  return file
}

async function startKeyring(
  start: (command: string, args: string[], options: SpawnOptions) => ChildProcess,
  env: NodeJS.ProcessEnv,
  kind: 'unlocked' | 'locked',
): Promise<ChildProcess> {
  const unlock = kind === 'unlocked' ? ['--unlock'] : []
  const keyring = start('gnome-keyring-daemon', ['--foreground', '--components=secrets', ...unlock], {
    stdio: [kind === 'unlocked' ? 'pipe' : 'ignore', 'ignore', 'ignore'],
  })
  keyring.stdin?.end(KEYRING_PASSWORD)
  const question = [
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/',
    'org.freedesktop.DBus.NameHasOwner',
  ]
  while (!(await output('dbus-send', [...question, 'string:org.freedesktop.secrets'], env)).includes('true')) {
    if (keyring.exitCode !== null) throw new Error(`gnome-keyring-daemon ended with code ${keyring.exitCode}`)
    await pause(50)
  }
  return keyring
}

function asUser(command: string, args: string[]): { command: string; args: string[] } {
  if (process.getuid?.() !== 0) return { command, args }
  return { command: 'unshare', args: [...AS_USER_ONE_THOUSAND, command, ...args] }
}

function spawnAsUser(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const run = asUser(command, args)
  return spawn(run.command, run.args, options)
}

async function output(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawnAsUser(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  await once(child, 'close')
  return text
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the output of the process is not piped')
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error(`${child.spawnfile} ended before it said where it listens`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  child.kill('SIGCONT')
  await ended
}
