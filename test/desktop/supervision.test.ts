import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createWebServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { DesktopSession } from '../support/desktop-session'
import { guestForm, killServer, launch, register, serverPid, startSession } from './launch'

test('when the server dies the page says so, the server comes back at the same address, and the person is still signed in', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page)
  const { origin } = new URL(page.url())
  const firstPid = await serverPid(app)
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))

  const banner = page.getByText('The server stopped and is being restarted (attempt 1).').waitFor()
  await killServer(app)

  await banner
  await page.getByText('The server stopped and is being restarted').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  expect(await serverPid(app)).not.toBe(firstPid)
  expect(new URL(page.url()).origin).toBe(origin)
  expect(await page.evaluate(() => 'sameDocument' in globalThis), 'the page was not reloaded').toBe(true)
  await page.reload()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
})

test('when its port was taken meanwhile, the server takes another one and the window follows it', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page)
  const { origin, port } = new URL(page.url())
  for (let deaths = 1; deaths <= 2; deaths += 1) await killServer(app) // the third pause is long enough to step in

  const occupant = createServer()
  onTestFinished(() => void occupant.close())
  const stepIn = eventuallyListens(occupant, Number(port))
  await killServer(app)
  await stepIn

  await page.waitForURL((url) => url.origin !== origin)
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
})

test('whoever listens at the server’s address while it is away is not shown, and is sent nothing', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page)
  await expect.poll(() => session.secret('refresh-token')).toHaveLength(43)
  const { port } = new URL(page.url())
  for (let deaths = 1; deaths <= 3; deaths += 1) await killServer(app) // the fourth pause is long enough to step in
  const seen: [request: string, cookie: string | undefined][] = []
  const stranger = createWebServer((request, reply) => {
    seen.push([`${request.method} ${request.url}`, request.headers.cookie])
    reply.setHeader('Content-Type', 'text/html')
    reply.end('<h1>Stranger</h1>')
  })
  onTestFinished(() => {
    stranger.closeAllConnections()
    stranger.close()
  })
  const stepIn = eventuallyListens(stranger, Number(port))
  await killServer(app)
  await stepIn

  const renewal = page.evaluate(() => fetch('/api/auth/refresh', { method: 'POST' }).then(() => 'answered'))
  expect(await renewal.catch(() => 'unanswered')).toBe('unanswered')
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload())

  await page.getByText('Starting again (attempt 4)').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  expect(new URL(page.url()).port).not.toBe(port)
  expect(seen).toEqual([])
})

test('a page that is reloaded while there is no server is shown once there is one', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page)
  for (let deaths = 1; deaths <= 3; deaths += 1) await killServer(app)

  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload())

  await page.getByText('Starting again (attempt 3)').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
})

test('a page whose process dies is loaded anew', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page)

  const shownAgain = await app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<string>((done) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        contents?.once('did-finish-load', () => done(contents.getTitle()))
        contents?.forcefullyCrashRenderer()
      }),
  )

  expect(shownAgain).toContain('Aurelius')
})

test('a server that dies again and again is given up with a sentence, and started once more on request', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await guestForm(page).waitFor()

  for (let deaths = 1; deaths <= 6; deaths += 1) await killServer(app)

  await page.getByRole('heading', { name: 'Aurelius stopped' }).waitFor()
  expect(await page.getByRole('alert').innerText()).toContain('stopped again and again')
  await page.getByRole('button', { name: 'Try again' }).click()
  await guestForm(page).waitFor()
})

test('faulty settings are listed, every one; once corrected, trying again starts the app', async () => {
  const session = await startSession()
  const first = await launch(session)
  await first.quit()
  const settings = join(session.dataFolder, '.env')
  writeFileSync(settings, 'ALGORITHM=none\nBCRYPT_ROUNDS=4\nSECRET_KEY=your-super-secret-key-change-in-production\n')

  const { page } = await launch(session)

  await page.getByRole('heading', { name: 'Aurelius could not start' }).waitFor()
  const faults = await page.getByRole('listitem').allInnerTexts()
  expect(faults).toHaveLength(3)
  for (const name of ['ALGORITHM', 'BCRYPT_ROUNDS', 'SECRET_KEY']) {
    expect(
      faults.some((fault) => fault.startsWith(`${name}: expected `)),
      name,
    ).toBe(true)
  }
  expect(await page.content()).not.toContain('your-super-secret-key')

  writeFileSync(settings, '')
  await page.getByRole('button', { name: 'Try again' }).click()
  await guestForm(page).waitFor()
})

test('a damaged database is spoken of and left as it is', async () => {
  const session = await startSession()
  const first = await launch(session)
  await guestForm(first.page).waitFor()
  await first.quit()
  const database = join(session.dataFolder, 'aurelius.db')
  const damaged = Buffer.alloc(8192, 'this is no database ')
  writeFileSync(database, damaged)

  const { page, app } = await launch(session)

  await page.getByRole('heading', { name: 'Aurelius could not start' }).waitFor()
  expect(await page.getByRole('alert').innerText()).toContain('is damaged')
  expect(readFileSync(database).equals(damaged)).toBe(true)
  const opened = app.evaluate(
    ({ shell }) =>
      new Promise<string>((done) => {
        shell.openPath = async (path) => {
          done(path)
          return ''
        }
      }),
  )
  await page.getByRole('button', { name: 'Open log folder' }).click()
  expect(await opened).toBe(join(session.dataFolder, 'logs'))
})

test('the log says how the server ended, and what it said in its last moment', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await guestForm(page).waitFor()
  await app.evaluate(({ utilityProcess }, script) => {
    const { fork } = utilityProcess
    utilityProcess.fork = (_file, args, options) => fork(script, args, options)
  }, brokenServer(session))

  await killServer(app)

  const log = join(session.dataFolder, 'logs', 'desktop.log')
  const said = () => readFileSync(log, { encoding: 'utf8', flag: 'a+' })
  await expect.poll(said).toMatch(/^\S+Z The server process ended by itself, with exit code \d+\.$/m)
  await expect.poll(said).toContain('Error: the disk is on fire')
  await expect.poll(said).toContain('ended by itself, with exit code 7.')
  expect(statSync(log).mode & 0o777).toBe(0o600)
})

test('a log that cannot be written keeps nothing from working', async () => {
  const session = await startSession()
  mkdirSync(join(session.dataFolder, 'logs', 'desktop.log'), { recursive: true, mode: 0o700 })
  const { page, app } = await launch(session)
  await guestForm(page).waitFor()
  const firstPid = await serverPid(app)

  await killServer(app)

  await expect.poll(() => serverPid(app)).toBeGreaterThan(0)
  expect(await serverPid(app)).not.toBe(firstPid)
})

/** A program that fails as a broken server does. */
function brokenServer({ dataFolder }: DesktopSession): string {
  const script = join(dataFolder, 'broken-server.cjs')
  writeFileSync(script, "console.error(new Error('the disk is on fire')); process.exit(7)\n")
  return script
}

async function eventuallyListens(server: Server, port: number): Promise<void> {
  for (;;) {
    try {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      return
    } catch {
      await pause(5)
    }
  }
}
