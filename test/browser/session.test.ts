import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { ServerStatus } from '../../contracts/ipc'
import {
  focusedName,
  hasSession,
  heading,
  keptBy,
  PASSWORD,
  passwordField,
  SHORT_LIFE,
  signIn,
  signUp,
  startDashboardServer,
  tokenIn,
  withBrowser,
} from './dashboard'

const { openDashboard, openPage, openSignedIn } = withBrowser()
const EXPIRED = 'Your session has expired. Sign in again.'

test('a reload and another tab keep the session, and neither holds a credential', async () => {
  const { page } = await openSignedIn()

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

test('a session that ends is noticed without a click, and signing in leads back', async () => {
  const { server, page, email } = await openSignedIn('/profile', SHORT_LIFE)
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

test('a session revoked elsewhere ends here at once, and signing in leads back', async () => {
  const { server, page, email } = await openSignedIn('/profile')
  const elsewhere = await server.client.login({ email, password: PASSWORD, name: '' })
  const newPassword = 'five words in a row'
  await elsewhere.post('/api/auth/change-password', { current_password: PASSWORD, new_password: newPassword })

  await page.getByText(EXPIRED).waitFor()
  await signIn(page, email, newPassword)
  await heading(page, 'Profile').waitFor()
})

test('signing out and in again in one tab is felt in the others at once', async () => {
  const { page, email } = await openSignedIn()
  const other = await page.context().newPage()
  await other.goto('/')
  await heading(other, 'Overview').waitFor()

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await other.getByText('This session ended in another tab.').waitFor()
  expect(await other.getByLabel('E-mail').inputValue()).toBe('')
  await signIn(page, email)

  await heading(other, 'Overview').waitFor()
})

test('a session that was ended is not restored on reload', async () => {
  const { server, page } = await openSignedIn()
  await server.client.withToken(await tokenIn(page)).post('/api/auth/logout')

  await page.reload()

  await page.getByText(EXPIRED).waitFor()
  expect(await hasSession(page)).toBe(false)
})

test('a session is asked for again when the server was too busy to restore it', async () => {
  const { page } = await openSignedIn()
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
  if (isDesktop) await beDesktop(page)
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
  await beDesktop(page)
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

/** Gives the page what the preload gives it in the desktop window. */
async function beDesktop(page: Page): Promise<void> {
  const status: ServerStatus = { state: 'ready', origin: '', setupCode: null }
  await page.addInitScript((now) => {
    const onServerStatus = (listener: (status: ServerStatus) => void) => listener(now)
    Object.assign(window, { aurelius: { onServerStatus } })
  }, status)
}
