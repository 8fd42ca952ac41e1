import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ElectronApplication, Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { launch, openDashboard, startSession } from './launch'

const ELSEWHERE = ['https://example.com/', 'http://localhost:9/', 'file:///etc/passwd', 'data:text/html,hello']

test.each([...ELSEWHERE, 'aurelius://start/'])('the dashboard cannot lead its window to %s', async (url) => {
  const { page, app } = await openDashboard()
  const home = page.url()

  await tryToGo(page, url)

  expect(await shownIn(app)).toEqual({ url: home, text: expect.stringContaining('Create administrator') })
})

test.each(ELSEWHERE)('the start page cannot lead its window to %s', async (url) => {
  const { page, app } = await launch(await startSession('absent'))
  await page.getByRole('heading', { name: 'Aurelius could not start' }).waitFor()

  await tryToGo(page, url)

  expect(await shownIn(app)).toEqual({ url: 'aurelius://start/', text: expect.stringContaining('could not start') })
})

test('our server cannot redirect the window elsewhere', async () => {
  const foreign = createServer((_request, reply) => reply.end('elsewhere')).listen(0, '127.0.0.1')
  await once(foreign, 'listening')
  onTestFinished(() => void foreign.close())
  const { page, app } = await openDashboard()
  const target = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`
  const home = page.url()

  await app.evaluate(({ BrowserWindow }, url) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    contents?.session.webRequest.onBeforeRequest((request, decide) =>
      decide(request.url.endsWith('/leads-away') ? { redirectURL: url } : {}),
    )
  }, target)
  await tryToGo(page, '/leads-away')

  expect(await shownIn(app)).toEqual({ url: home, text: expect.stringContaining('Create administrator') })
})

test('while it is developed the app shows the page that is being written, and keeps it to its origin', async () => {
  const vite = createServer((_request, reply) => reply.end('<p>being written')).listen(0, '127.0.0.1')
  await once(vite, 'listening')
  onTestFinished(() => void vite.close())
  const written = `http://127.0.0.1:${(vite.address() as AddressInfo).port}/`

  const { page, app } = await launch(await startSession(), { AURELIUS_DEV_URL: written })
  await page.getByText('being written').waitFor()
  await tryToGo(page, 'https://example.com/')

  expect(await shownIn(app)).toEqual({ url: written, text: 'being written' })
})

test('no window opens; secure links and our own pages go to the system’s browser, all others nowhere', async () => {
  const { page, app } = await openDashboard()
  await app.evaluate(({ shell }) => {
    Object.assign(globalThis, { opened: [] })
    shell.openExternal = async (url) => void (globalThis as unknown as { opened: string[] }).opened.push(url)
  })
  const own = `${new URL(page.url()).origin}/api/docs`
  const tried = [
    'https://example.com/paper',
    own,
    'http://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ssh://host',
  ]

  const handles = await page.evaluate((urls) => urls.map((url) => window.open(url) === null), tried)

  expect(handles).toEqual(tried.map(() => true))
  const opened = await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
  expect(opened).toEqual(['https://example.com/paper', own])
  expect(app.windows()).toHaveLength(1)
})

async function tryToGo(page: Page, url: string): Promise<void> {
  await page.evaluate((target) => {
    location.href = target
  }, url)
  await page.waitForTimeout(500)
}

/** Asked of main: Playwright would wait for the navigation that does not happen. */
function shownIn(app: ElectronApplication): Promise<{ url: string; text: string }> {
  return app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    return { url: contents?.getURL() ?? '', text: await contents?.executeJavaScript('document.body.innerText') }
  })
}
