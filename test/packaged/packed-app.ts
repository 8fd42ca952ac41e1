import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { findElectron } from '../../scripts/electron-runtime.mjs'
import { run } from '../../scripts/progress.mjs'
import { whenStale } from '../../scripts/stale.mjs'
import type { DesktopSession } from '../support/desktop-session'

const root = resolve(import.meta.dirname, '../..')

export const PACKED = join(
  root,
  'release',
  process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`,
)
export const EXECUTABLE = join(PACKED, 'aurelius')

const MADE_FROM = [
  'dist/main',
  'dist/cli',
  'dist/server',
  'dist/renderer',
  'clients/python/aurelius.py',
  'electron-builder.yml',
  'build',
  'package-lock.json',
]
const MADE_BY = ['scripts/package.mjs', 'scripts/notices.mjs', 'scripts/stand-in-package.mjs', 'scripts/after-pack.mjs']

/** Packs the app once for all tests here, and only when something in it has changed. */
export default async function packApp(): Promise<void> {
  const runtime = findElectron()?.dist ?? ''
  const made = EXECUTABLE.slice(root.length + 1)
  await whenStale(made, [...MADE_FROM, ...MADE_BY], () =>
    run(process.execPath, ['scripts/package.mjs', 'scripts/notices.mjs', '--dir'], {
      cwd: root,
      env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: runtime },
    }),
  )
}

export interface PackedApp {
  page: Page
  /** What the app has said on stdout and stderr. */
  output(): string
  /** Closes the window as a person does, and waits until the app has ended. */
  close(): Promise<void>
}

/** A packed app refuses Playwright's way in, which is Node's debugger, so its window is driven over Chromium's. */
export async function launchPacked(
  session: DesktopSession,
  { args = [], env = {} }: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<PackedApp> {
  const { command, args: all } = session.asUser(EXECUTABLE, ['--remote-debugging-port=0', ...args])
  const app = spawn(command, all, {
    env: { ...session.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  app.stdout.on('data', (chunk) => {
    output += chunk
  })
  app.stderr.on('data', (chunk) => {
    output += chunk
  })
  const ended = once(app, 'exit')
  onTestFinished(async () => {
    app.kill('SIGKILL')
    await ended
  })

  const browser = await chromium.connectOverCDP(await debuggingAddress(app, () => output), { noDefaults: true })
  const context = browser.contexts()[0]
  if (!context) throw new Error('the app has no browser context')
  const page = context.pages()[0] ?? (await context.waitForEvent('page'))
  return {
    page,
    output: () => output,
    async close() {
      await page.close()
      await ended
    },
  }
}

async function debuggingAddress(app: ChildProcess, output: () => string): Promise<string> {
  for (;;) {
    const address = /DevTools listening on (ws:\S+)/.exec(output())?.[1]
    if (address) return address
    if (app.exitCode !== null) throw new Error(`the packed app ended with code ${app.exitCode}:\n${output()}`)
    await pause(50)
  }
}

export function runtimeFile(session: DesktopSession): string {
  return join(session.dataFolder, 'runtime.json')
}

export async function gone(file: string): Promise<void> {
  while (existsSync(file)) await pause(50)
}
