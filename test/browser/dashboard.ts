import { resolve } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../support/find-chromium'
import { startTestServer, type TestServer, type TestServerOptions } from '../support/start-test-server'

const RENDERER_FOLDER = resolve(import.meta.dirname, '../../dist/renderer')

export const PASSWORD = 'four words in a row'
/** A server whose access tokens live for seconds; a page renews them after half of that. */
export const SHORT_LIFE = { config: { tokens: { algorithm: 'HS256', lifetimeSeconds: 6 } } } as const

/** What the page may keep in localStorage: none of it is a credential. */
const KEPT = ['aurelius-color-scheme', 'aurelius-has-session', 'aurelius-last-seen', 'aurelius-run-notices']

export interface Dashboard {
  server: TestServer
  page: Page
}

const tokens = new WeakMap<Page, string>()

/** Starts Chromium for the tests of one file; call it at the top. */
export function withBrowser() {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: findChromium(),
      args: CHROMIUM_ARGS,
    })
  })
  afterAll(() => browser.close())

  /** A page of the built dashboard in a browser profile of its own. A fault it meets on the way fails the test. */
  async function openPage(origin: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', reducedMotion: 'reduce', ...options })
    const faults: string[] = []
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        console.error(`content security policy: ${violatedDirective} ${blockedURI}`)
      })
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('request', (request) => {
      const token = request.headers().authorization?.replace(/^Bearer /, '')
      if (token) tokens.set(page, token)
    })
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      // The browser reports every refused or unanswered request itself; the tests provoke those of the API, and stop servers.
      const isProvoked =
        (message.text().startsWith('Failed to load resource') &&
          (message.location().url.includes('/api/') || message.text().includes('ERR_CONNECTION_REFUSED'))) ||
        /^WebSocket connection to '[^']+\/ws' failed/.test(message.text())
      if (['error', 'warning'].includes(message.type()) && !isProvoked) faults.push(message.text())
    })
    onTestFinished(async () => {
      const kept = await keptBy(page)
      await context.close()
      expect(faults).toEqual([])
      expect(kept.filter((key) => !KEPT.includes(key))).toEqual([])
    })
    return page
  }

  return {
    openPage,
    async openDashboard(path = '/', server: DashboardServerOptions = {}, page: BrowserContextOptions = {}) {
      const running = await startDashboardServer(server)
      const opened = await openPage(running.origin, page)
      await opened.goto(path)
      return { server: running, page: opened } satisfies Dashboard
    },
    /** Shows the page at `path` to a new person who is signed in, without a way through the sign-up page. */
    async openSignedIn(path = '/', server: DashboardServerOptions = {}, options: BrowserContextOptions = {}) {
      const running = await startDashboardServer(server)
      const { origin } = running
      const localStorage = [{ name: 'aurelius-has-session', value: '1' }]
      const page = await openPage(origin, {
        ...options,
        storageState: { cookies: [], origins: [{ origin, localStorage }] },
      })
      const data = { email: 'ada@example.com', password: PASSWORD, name: 'Ada Analyst' }
      const reply = await page.request.post('/api/auth/register', { data, headers: { origin } })
      expect(reply.status()).toBe(200)
      await page.goto(path)
      await page.getByRole('button', { name: 'Sign out', exact: true }).waitFor()
      await page.getByRole('heading', { level: 1 }).waitFor()
      return { server: running, page, email: data.email }
    },
  }
}

interface DashboardServerOptions extends TestServerOptions {
  /** Whether nobody has an account yet; else somebody whom no test is about does. */
  isFirstRun?: boolean
}

export async function startDashboardServer({
  isFirstRun = false,
  ...options
}: DashboardServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer({ ...options, config: { rendererFolder: RENDERER_FOLDER, ...options.config } })
  if (!isFirstRun) await server.setUp()
  return server
}

/** Through the sign-up page; answers the e-mail address. */
export async function signUp(page: Page, email = 'ada@example.com', password = PASSWORD): Promise<string> {
  await page.goto('/sign-up')
  await page.getByLabel('Name').fill('Ada Analyst')
  await page.getByLabel('E-mail').fill(email)
  await passwordField(page).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await heading(page, 'Overview').waitFor()
  return email
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await passwordField(page).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** "Password" exactly, because the button beside it is called "Show password". */
export function passwordField(page: Page) {
  return page.getByLabel('Password', { exact: true })
}

export function heading(page: Page, name: string) {
  return page.getByRole('heading', { level: 1, name })
}

/** What is said about a field, hint and error, as a screen reader finds it. */
export function messageOf(page: Page, label: string): Promise<string> {
  return page.getByLabel(label, { exact: true }).evaluate((field) =>
    (field.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  )
}

/** The access token that the page used last; it is in its memory alone, and only its requests show it. */
export async function tokenIn(page: Page): Promise<string> {
  await expect.poll(() => tokens.get(page)).toBeTruthy()
  return tokens.get(page) ?? ''
}

/** The names of all that the page left where a later page or another script finds it. */
export function keptBy(page: Page): Promise<string[]> {
  return page.evaluate(() => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
    ...document.cookie.split('; ').filter((cookie) => cookie !== ''),
  ])
}

/** Whether the page expects a session after a reload. */
export function hasSession(page: Page): Promise<boolean> {
  return page.evaluate(() => localStorage.getItem('aurelius-has-session') === '1')
}

export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null
    return (label ?? element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim()
  })
}
