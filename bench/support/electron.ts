import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import type { DesktopSession } from '../../test/support/desktop-surroundings'
import { familyOf, memoryOf } from './memory'
import { temporaryFolder } from './temporary-folder'

const ROOT = resolve(__dirname, '..', '..')

interface Electron {
  dist: string
  label: string
}

export interface DesktopApp {
  folder: string
  /** CSS selector of what makes it usable. */
  waitFor: string
}

export interface Start {
  /** From the start of the process until what was waited for is painted. */
  milliseconds: number
  /** Of all its processes together, a while after that. */
  megabytes: number
}

export const AURELIUS: DesktopApp = { folder: ROOT, waitFor: 'form button[type=submit]:not(:disabled)' }

export function emptyWindow(): DesktopApp {
  const folder = temporaryFolder()
  const main = join(__dirname, 'empty-window.cjs')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty-window', version: '0.0.0', main }))
  return { folder, waitFor: 'main' }
}

/** The Electron that the tests use as well. The script that knows is a module, and this a CommonJS bundle. */
export function findElectron(): Electron {
  const script = pathToFileURL(join(ROOT, 'scripts', 'electron-runtime.mjs')).href
  const code = `import { findElectron } from ${JSON.stringify(script)}; console.log(JSON.stringify(findElectron()))`
  const found: Electron | null = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' }),
  )
  if (!found) throw new Error('No Electron is here; run "npm run bench", which fetches one.')
  return found
}

/** Starts the app, waits until it can be used and has settled, and ends it. */
export async function startOnce(
  electron: Electron,
  session: DesktopSession,
  app: DesktopApp,
  whenUsable: () => Promise<void> = async () => undefined,
): Promise<Start> {
  const probe = join(__dirname, 'electron-probe.cjs')
  const { command, args } = session.asUser(join(electron.dist, 'electron'), [
    ...['--require', probe, `--wait-for=${app.waitFor}`, app.folder],
  ])
  const startedAt = performance.timeOrigin + performance.now()
  const child = spawn(command, args, {
    env: session.env,
    cwd: session.env.HOME,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'exit')
  try {
    const paintedAt = await painted(child.stdout)
    await whenUsable()
    await new Promise((settled) => setTimeout(settled, 2_000))
    return { milliseconds: paintedAt - startedAt, megabytes: memoryOf(familyOf(child.pid ?? 0)) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function painted(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const at = /^painted ([\d.]+)$/.exec(line)?.[1]
    if (at !== undefined) return Number(at)
  }
  throw new Error('the app ended before it could be used')
}
