import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { findElectron } from '../../scripts/electron-runtime.mjs'
import { type DesktopSession, type KeychainKind, openDesktopSession } from '../support/desktop-session'

export const ROOT = resolve(import.meta.dirname, '..', '..')

export interface Desktop {
  app: ElectronApplication
  page: Page
  pid: number
  ended: Promise<void>
  /** Quits as the menu does, and waits until the process has ended. */
  quit(): Promise<void>
}

/** A desktop session for one test, gone with it. */
export async function startSession(keychain?: KeychainKind): Promise<DesktopSession> {
  const session = await openDesktopSession(keychain)
  onTestFinished(() => session.close())
  return session
}

/** Starts the built app in the session, Chromium's sandbox on. */
export async function launch(session: DesktopSession, env: NodeJS.ProcessEnv = {}): Promise<Desktop> {
  const app = await _electron.launch({
    executablePath: starter(session),
    args: [ROOT],
    cwd: session.env.HOME ?? ROOT,
    chromiumSandbox: true,
    env: { PORT: '0', ...session.env, ...env } as Record<string, string>,
  })
  const main = app.process()
  const ended = new Promise<void>((done) => main.once('exit', () => done()))
  onTestFinished(async () => {
    const family = processesOf(main.pid ?? 0)
    main.kill('SIGKILL')
    await ended
    while (family.some(isRunning)) await pause(20) // they still write into the folder that is about to go
  })
  // A real browser would start, and keep the test from ending.
  await app.evaluate(({ shell }) => {
    shell.openExternal = async () => undefined
    shell.openPath = async () => ''
  })
  return {
    app,
    page: await app.firstWindow(),
    pid: main.pid ?? 0,
    ended,
    async quit() {
      await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined)
      await ended
    },
  }
}

/** Playwright puts its switches first, so the way into the user namespace needs a file of its own. */
export function starter(session: DesktopSession): string {
  const electron = findElectron()
  if (!electron) throw new Error('No Electron is here; run "npm test", which fetches one.')
  const file = join(session.env.HOME ?? '', 'start-electron')
  const { command, args } = session.asUser(join(electron.dist, 'electron'), [])
  writeFileSync(file, `#!/bin/sh\nexec ${[command, ...args].map((part) => `'${part}'`).join(' ')} "$@"\n`)
  chmodSync(file, 0o700)
  return file
}

export async function openDashboard(): Promise<Desktop & { session: DesktopSession }> {
  const session = await startSession()
  const desktop = await launch(session)
  await guestForm(desktop.page).waitFor()
  return { ...desktop, session }
}

/** The form that whoever is not signed in finds; while nobody has an account it makes the first one. */
export function guestForm(page: Page) {
  return page.getByRole('button', { name: /^(Sign in|Create administrator)$/ })
}

export async function register(page: Page, email = 'ada@example.com'): Promise<void> {
  await page.getByRole('link', { name: /create (an )?account|sign up/i }).click()
  await page.getByLabel('Name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

/** Asks for a new access token as the dashboard does; the status of the answer. */
export function renew(page: Page): Promise<number> {
  return page.evaluate(() => fetch('/api/auth/refresh', { method: 'POST' }).then(({ status }) => status))
}

/** Every process of the app: main, Chromium's, and the server. */
export function processesOf(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const parents = new Map(all.map((name) => [Number(name), parentOf(name)]))
  const family = [pid]
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child)
  }
  return family
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return 0
  }
}

export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** `null` while there is none. */
export async function serverPid(app: ElectronApplication): Promise<number | null> {
  const metrics = await app.evaluate(({ app: electron }) => electron.getAppMetrics())
  return metrics.find(({ name, serviceName }) => [name, serviceName].includes('Aurelius server'))?.pid ?? null
}

/** Kills the server process once there is one, and waits until main knows. */
export async function killServer(app: ElectronApplication): Promise<void> {
  await expect.poll(() => serverPid(app), { timeout: 30_000 }).not.toBeNull()
  const pid = await serverPid(app)
  if (pid) process.kill(pid, 'SIGKILL')
  await expect.poll(() => serverPid(app), { timeout: 30_000 }).not.toBe(pid)
}
