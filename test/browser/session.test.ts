import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  focusedName,
  hasSession,
  heading,
  keptBy,
  PASSWORD,
  passwordField,
  signIn,
  signUp,
  startDashboardServer,
  tokenIn,
  withBrowser,
} from './dashboard'

const { openDashboard, openPage } = withBrowser()
const EXPIRED = 'Your session has expired. Sign in again.'
const SHORT_LIFE = { config: { tokens: { algorithm: 'HS256', lifetimeSeconds: 6 } } } as const

test('a reload and another tab keep the session, and neither holds a credential', async () => {
  const { page } = await openDashboard()
  await signUp(page)

  await page.reload()
  await heading(page, 'Overview').waitFor()
  const other = await page.context().newPage()
  await other.goto('/profile')
  await heading(other, 'Profile').waitFor()

  expect(await other.getByRole('banner').innerText()).toContain('Ada Analyst')
  expect(await keptBy(page)).toEqual(['aurelius-has-session'])
  expect(await keptBy(other)).toEqual(['aurelius-has-session'])
  expect(await page.evaluate(() => localStorage.getItem('aurelius-has-session'))).toBe('1')
  const [cookie, ...others] = await page.context().cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/auth/refresh' })
  expect(others).toEqual([])
})

test('a session renews itself before its access token expires', async () => {
  const { page } = await openDashboard('/', SHORT_LIFE)
  await signUp(page)
  const first = await tokenIn(page)
  const refused = refusals(page)

  await renewals(page, 3) // one each half of a token's life
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByText('This session', { exact: true }).waitFor()

  expect(await tokenIn(page)).not.toBe(first)
  expect(refused).toEqual([])
})

test('a session that ends is noticed without a click, and signing in leads back', async () => {
  const { server, page } = await openDashboard('/', SHORT_LIFE)
  const email = await signUp(page)
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await heading(page, 'Profile').waitFor()
  await server.client.withToken(await tokenIn(page)).post('/api/auth/logout')

  await page.getByText(EXPIRED).waitFor()

  expect(await hasSession(page)).toBe(false)
  expect(await page.getByLabel('E-mail').inputValue()).toBe(email)
  expect(await focusedName(page)).toBe('Password')
  await passwordField(page).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await heading(page, 'Profile').waitFor()
})

test('a session revoked elsewhere ends here at the next request, and signing in leads back', async () => {
  const { server, page } = await openDashboard()
  const email = await signUp(page)
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  const elsewhere = await server.client.login({ email, password: PASSWORD, name: '' })
  const newPassword = 'five words in a row'
  await elsewhere.post('/api/auth/change-password', { current_password: PASSWORD, new_password: newPassword })
  await page.getByLabel('Current password').fill(newPassword)
  await page.getByLabel('New password').fill('a password nobody will have')

  await page.getByRole('button', { name: 'Change password' }).click()

  await page.getByText(EXPIRED).waitFor()
  await signIn(page, email, newPassword)
  await heading(page, 'Profile').waitFor()
})

test('a refused access token is renewed once for all who were refused, and each asks again', async () => {
  const { page } = await openDashboard()
  await signUp(page)
  const dead = await tokenIn(page)
  await loseConnection(page)
  const answered: string[] = []
  await page.route('**/api/auth/{verify,sessions}', async (route) => {
    const isDead = route.request().headers().authorization === `Bearer ${dead}`
    answered.push(`${new URL(route.request().url()).pathname} ${isDead ? 401 : 200}`)
    await (isDead ? route.fulfill(REFUSAL) : route.continue())
  })
  let count = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/refresh')) count++
  })

  await page.unroute('**/api/health') // once the server is back, everything on the page is asked for again

  await expect
    .poll(() => [...answered].sort())
    .toEqual(['/api/auth/sessions 200', '/api/auth/sessions 401', '/api/auth/verify 200', '/api/auth/verify 401'])
  expect(count).toBe(1)
  expect(await heading(page, 'Overview').count()).toBe(1)
})

test('what one person asked for is not done as another who signed in beside', async () => {
  const { server, page } = await openDashboard()
  const { account } = await server.signUp('Bob Broker')
  await signUp(page)
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByLabel('Current password').fill(account.password)
  await page.getByLabel('New password').fill('five words in a row')
  await page.evaluate(async ({ email, password }) => {
    const headers = { 'Content-Type': 'application/json' }
    await fetch('/api/auth/login', { method: 'POST', headers, body: JSON.stringify({ email, password }) })
  }, account)
  let count = 0
  await page.route('**/api/auth/change-password', (route) => {
    count++
    return count === 1 ? route.fulfill(REFUSAL) : route.continue()
  })

  await page.getByRole('button', { name: 'Change password' }).click()

  await page.getByRole('banner').getByText('Bob Broker').waitFor()
  expect(count).toBe(1)
  expect((await server.client.post('/api/auth/login', account)).status).toBe(200)
})

test('a server that is away when the session is due keeps the person here, and renews when it is back', async () => {
  const { page } = await openDashboard('/', SHORT_LIFE)
  await signUp(page)
  await page.route('**/api/**', (route) => route.abort('connectionrefused'))
  await page.getByRole('status').getByText('The server cannot be reached.').waitFor()
  await page.waitForTimeout(SHORT_LIFE.config.tokens.lifetimeSeconds * 1000)
  expect(await heading(page, 'Overview').count()).toBe(1)

  const renewed = renewals(page, 1)
  await page.unroute('**/api/**')
  await renewed

  await page.getByText('The server cannot be reached.').waitFor({ state: 'detached' })
  expect(await heading(page, 'Overview').count()).toBe(1)
})

test('signing out and in again in one tab is felt in the others at once', async () => {
  const { page } = await openDashboard()
  const email = await signUp(page)
  const other = await page.context().newPage()
  await other.goto('/')
  await heading(other, 'Overview').waitFor()

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await other.getByText('This session ended in another tab.').waitFor()
  expect(await other.getByLabel('E-mail').inputValue()).toBe('')
  await signIn(page, email)

  await heading(other, 'Overview').waitFor()
})

test('signing out ends a session whose access token has expired unnoticed', async () => {
  const { server, page } = await openDashboard()
  await signUp(page)
  const dead = await tokenIn(page)
  await page.route('**/api/auth/logout', (route) =>
    route.request().headers().authorization === `Bearer ${dead}` ? route.fulfill(REFUSAL) : route.continue(),
  )

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await heading(page, 'Sign in').waitFor()

  expect((await server.client.withToken(dead).get('/api/auth/verify')).status).toBe(401)
  expect(await page.context().cookies()).toEqual([])
})

test('a session that was ended is not restored on reload', async () => {
  const { server, page } = await openDashboard()
  await signUp(page)
  await server.client.withToken(await tokenIn(page)).post('/api/auth/logout')

  await page.reload()

  await page.getByText(EXPIRED).waitFor()
  expect(await hasSession(page)).toBe(false)
})

test('a session is asked for again when the server was too busy to restore it', async () => {
  const { page } = await openDashboard()
  await signUp(page)
  const detail = 'Too much is going on: try again in a moment.'
  const problem = { type: 'about:blank', title: '', status: 503, detail, code: 'busy' }
  await page.route('**/api/auth/refresh', (route) => route.fulfill({ status: 503, json: problem }))
  await page.reload()
  await page.getByRole('alert').getByText(detail).waitFor()

  await page.unroute('**/api/auth/refresh')

  await heading(page, 'Overview').waitFor()
})

test.each([
  ['a browser', false, 0],
  ['the desktop window', true, 1],
])('for somebody who never signed in, %s asks for a session without a word', async (_place, isDesktop, questions) => {
  const { origin } = await startDashboardServer()
  const page = await openPage(origin)
  if (isDesktop)
    await page.addInitScript(() => Object.assign(window, { aurelius: { onServerStatus: () => () => undefined } }))
  let count = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/refresh')) count++
  })

  await page.goto('/')
  await page.getByText('Aurelius 0').waitFor()

  expect(count).toBe(questions)
  expect(await page.getByText('expired').count()).toBe(0)
})

test('the desktop window finds its session after its port, and with it localStorage, has changed', async () => {
  const { origin } = await startDashboardServer()
  const page = await openPage(origin)
  await page.addInitScript(() => Object.assign(window, { aurelius: { onServerStatus: () => () => undefined } }))
  await signUp(page)
  await page.evaluate(() => localStorage.clear())

  await page.reload()

  await heading(page, 'Overview').waitFor()
})

test('nothing waits for the internet', async () => {
  const { page } = await openDashboard()
  await page.evaluate(() => window.dispatchEvent(new Event('offline')))
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill('Ada Analyst')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await passwordField(page).fill(PASSWORD)

  await page.getByRole('button', { name: 'Create account' }).click()

  await page.getByText('Healthy').waitFor()
})

const REFUSAL = {
  status: 401,
  json: { type: 'about:blank', title: '', status: 401, detail: 'This session has ended.', code: 'invalid_token' },
}

async function renewals(page: Page, count: number): Promise<void> {
  for (let renewal = 0; renewal < count; renewal++)
    await page.waitForResponse((reply) => reply.url().endsWith('/refresh') && reply.ok())
}

/** The requests that will be answered 401 from here on. */
function refusals(page: Page): string[] {
  const refused: string[] = []
  page.on('response', (reply) => {
    if (reply.status() === 401) refused.push(reply.url())
  })
  return refused
}

async function loseConnection(page: Page): Promise<void> {
  await page.route('**/api/health', (route) => route.abort('connectionrefused'))
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await page.getByRole('status').getByText('The server cannot be reached.').waitFor()
}
