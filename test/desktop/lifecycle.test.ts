import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { runtimeFile } from '../../contracts/runtime-file'
import type { DesktopSession } from '../support/desktop-session'
import {
  type Desktop,
  guestForm,
  isRunning,
  killServer,
  launch,
  openDashboard,
  processesOf,
  ROOT,
  register,
  serverPid,
  starter,
  startSession,
} from './launch'

test('quitting leaves no process and no runtime file', async () => {
  const session = await startSession()
  const { page, pid, quit } = await launch(session)
  await register(page)
  const family = processesOf(pid)
  expect(family.length).toBeGreaterThan(3)
  expect(readRuntimeFile(session).origin).toBe(new URL(page.url()).origin)

  await quit()

  await expect.poll(() => family.filter(isRunning)).toEqual([])
  expect(existsSync(join(session.dataFolder, 'runtime.json'))).toBe(false)
})

test('SIGTERM ends the app as cleanly as quitting', async () => {
  const session = await startSession()
  const { page, pid, app, ended } = await launch(session)
  await guestForm(page).waitFor()
  const family = processesOf(pid)

  app.process().kill('SIGTERM')
  await ended

  await expect.poll(() => family.filter(isRunning)).toEqual([])
  expect(existsSync(join(session.dataFolder, 'runtime.json'))).toBe(false)
})

test('the error page’s Quit ends the app when there is no server process to stop', async () => {
  const { page, pid, ended } = await openErrorPage()
  const family = processesOf(pid)

  const quit = page.getByRole('button', { name: 'Quit' })
  await quit.click().catch(() => undefined) // the app may be gone before the click is confirmed
  await ended

  await expect.poll(() => family.filter(isRunning)).toEqual([])
})

test('SIGTERM ends the app on the error page', async () => {
  const { app, pid, ended } = await openErrorPage()
  const family = processesOf(pid)

  app.process().kill('SIGTERM')
  await ended

  await expect.poll(() => family.filter(isRunning)).toEqual([])
})

test('the app quits while it waits to start its server again', async () => {
  const { app, pid, quit } = await openDashboard()
  const family = processesOf(pid)
  for (let deaths = 1; deaths <= 4; deaths += 1) await killServer(app) // the fourth pause lasts two seconds
  expect(await serverPid(app)).toBeNull()

  await quit()

  await expect.poll(() => family.filter(isRunning)).toEqual([])
})

test('a request that is being answered when the app quits is answered', async () => {
  const { page, session, quit } = await openDashboard()
  const { origin } = new URL(page.url())
  const body = JSON.stringify({ email: 'late@example.com', password: 'correct horse battery staple', name: 'Late' })

  const reply = fetch(`${origin}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  await pause(50) // hashing the password takes longer
  await quit()

  expect((await reply).status).toBe(200)
  expect(existsSync(join(session.dataFolder, 'runtime.json'))).toBe(false)
})

test('a server that does not react does not keep the app from quitting', async () => {
  const { app, pid, quit } = await openDashboard()
  const family = processesOf(pid)
  process.kill((await serverPid(app)) ?? Number.NaN, 'SIGSTOP')

  await quit()

  await expect.poll(() => family.filter(isRunning)).toEqual([])
})

test('an error nobody expected in the main process ends the app instead of leaving half of it', async () => {
  const { app, pid, ended } = await openDashboard()
  const family = processesOf(pid)
  const code = new Promise((done) => app.process().once('exit', done))

  await app.evaluate(() => {
    setTimeout(() => {
      throw new Error('a defect')
    })
  })
  await ended

  expect(await code).toBe(70)
  await expect.poll(() => family.filter(isRunning), { timeout: 20_000 }).toEqual([])
})

test('closing the window quits', async () => {
  const session = await startSession()
  const { page, ended } = await launch(session)
  await guestForm(page).waitFor()

  await page.close().catch(() => undefined) // the app may be gone before the closing is confirmed
  await ended

  expect(existsSync(join(session.dataFolder, 'runtime.json'))).toBe(false)
})

test('the server does not outlive a main process that was killed', async () => {
  const session = await startSession()
  const { page, pid, app, ended } = await launch(session)
  await guestForm(page).waitFor()
  const family = processesOf(pid)

  app.process().kill('SIGKILL')
  await ended

  await expect.poll(() => family.filter(isRunning), { timeout: 20_000 }).toEqual([])
  const again = await launch(session)
  await guestForm(again.page).waitFor()
})

test('a second start ends at once and brings the first window to the front', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await guestForm(page).waitFor()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())

  const { code, output } = await startAgain(session)

  expect(code).toBe(0)
  expect(output).toContain('Aurelius is already running; its window comes to the front.')
  const isVisible = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
  await expect.poll(isVisible).toBe(true)
  expect(app.windows()).toHaveLength(1)
})

test('a second start opens a window where the app runs on without one', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await guestForm(page).waitFor()
  await app.evaluate(({ app: electron }) => {
    electron.removeAllListeners('window-all-closed').on('window-all-closed', () => undefined) // as on macOS
  })
  await page.close()

  const [opened] = await Promise.all([app.waitForEvent('window'), startAgain(session)])

  await guestForm(opened).waitFor()
})

test('a place of the window that cannot be remembered keeps the app from nothing', async () => {
  const session = await startSession()
  mkdirSync(join(session.dataFolder, 'window.json'), { recursive: true, mode: 0o700 })
  const { page, app, ended } = await launch(session)
  await guestForm(page).waitFor()
  const code = new Promise((done) => app.process().once('exit', done))

  // As a person closes it: the app may be gone before the call is answered.
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => undefined)
  await ended

  expect(await code).toBe(0)
  expect(readFileSync(join(session.dataFolder, 'logs', 'desktop.log'), 'utf8')).toContain('window.json')
})

test('with the port taken the app takes a free one and writes it where only its owner can read it', async () => {
  const session = await startSession()
  const occupant = createServer().listen(0, '127.0.0.1')
  await once(occupant, 'listening')
  onTestFinished(() => void occupant.close())
  const taken = (occupant.address() as { port: number }).port

  const { page } = await launch(session, { PORT: String(taken) })

  await register(page)
  const { origin, port } = readRuntimeFile(session)
  expect(port).not.toBe(taken)
  expect(new URL(page.url()).origin).toBe(origin)
  expect(statSync(join(session.dataFolder, 'runtime.json')).mode & 0o777).toBe(0o600)
})

test('the window opens where and as large as it was closed', async () => {
  const session = await startSession()
  const bounds = { x: 40, y: 60, width: 900, height: 640 }
  const first = await launch(session)
  await first.app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds)
  await first.quit()

  const { app } = await launch(session)

  const opened = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
  expect(opened).toEqual(bounds)
})

test('the About box names the versions that a bug report needs', async () => {
  const session = await startSession()
  const { app } = await launch(session)

  const said = await app.evaluate(({ dialog, Menu }) => {
    let detail = ''
    dialog.showMessageBox = async (...args: unknown[]) => {
      detail = (args.at(-1) as { detail: string }).detail
      return { response: 0, checkboxChecked: false }
    }
    Menu.getApplicationMenu()?.getMenuItemById('about')?.click()
    return detail
  })

  expect(said).toMatch(/Electron \d+\.\d+\.\d+\nChromium \d+\..*\nNode\.js \d+\./)
})

async function startAgain(session: DesktopSession): Promise<{ code: number; output: string }> {
  const second = spawn(starter(session), [ROOT], { env: session.env, stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  second.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(second, 'close')
  return { code, output }
}

/** A window that tells of faulty settings; the server process that was not needed is gone. */
async function openErrorPage(): Promise<Desktop> {
  const session = await startSession()
  mkdirSync(session.dataFolder, { mode: 0o700 })
  writeFileSync(join(session.dataFolder, '.env'), 'ALGORITHM=none\n')
  const desktop = await launch(session)
  await desktop.page.getByRole('heading', { name: 'Aurelius could not start' }).waitFor()
  await expect.poll(() => serverPid(desktop.app)).toBeNull()
  return desktop
}

function readRuntimeFile(session: DesktopSession) {
  return runtimeFile.parse(JSON.parse(readFileSync(join(session.dataFolder, 'runtime.json'), 'utf8')))
}
