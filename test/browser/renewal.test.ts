import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { heading, SHORT_LIFE, signUp, tokenIn, withBrowser } from './dashboard'

const { openDashboard, openSignedIn } = withBrowser()

test('a session renews itself before its access token expires', async () => {
  const { page } = await openSignedIn('/', SHORT_LIFE)
  const first = await tokenIn(page)
  const refused = refusals(page)

  await renewals(page, 3) // one each half of a token's life
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByText('This session', { exact: true }).waitFor()

  expect(await tokenIn(page)).not.toBe(first)
  expect(refused).toEqual([])
})

test('a refused access token is renewed once for all who were refused, and each asks again', async () => {
  const { page } = await openSignedIn()
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
  await heading(page, 'Overview').waitFor()
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
  const { page } = await openSignedIn('/', SHORT_LIFE)
  await page.route('**/api/**', (route) => route.abort('connectionrefused'))
  await page.getByRole('status').getByText('The server cannot be reached.').waitFor()
  await page.waitForTimeout(SHORT_LIFE.config.tokens.lifetimeSeconds * 1000)
  await heading(page, 'Overview').waitFor()

  const renewed = renewals(page, 1)
  await page.unroute('**/api/**')
  await renewed

  await page.getByText('The server cannot be reached.').waitFor({ state: 'detached' })
  await heading(page, 'Overview').waitFor()
})

test('signing out ends a session whose access token has expired unnoticed', async () => {
  const { server, page } = await openSignedIn()
  const dead = await tokenIn(page)
  await page.route('**/api/auth/logout', (route) =>
    route.request().headers().authorization === `Bearer ${dead}` ? route.fulfill(REFUSAL) : route.continue(),
  )

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await heading(page, 'Sign in').waitFor()

  expect((await server.client.withToken(dead).get('/api/auth/verify')).status).toBe(401)
  expect(await page.context().cookies()).toEqual([])
})

test('a computer that slept renews as soon as somebody looks at the page', async () => {
  const { page } = await openSignedIn()
  await sleepAnHour(page)

  const renewed = renewals(page, 1)
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await renewed

  await heading(page, 'Overview').waitFor()
})

test('signing out after sleep renews first, so that there is a token to sign out with', async () => {
  const { page } = await openSignedIn()
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await sleepAnHour(page)

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await heading(page, 'Sign in').waitFor()

  expect(asked.filter((path) => /refresh|logout/.test(path))).toEqual(['/api/auth/refresh', '/api/auth/logout'])
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

/** Timers stand still in a computer that sleeps; its clock does not. */
async function sleepAnHour(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { now } = Date
    Date.now = () => now() + 3_600_000
  })
}
