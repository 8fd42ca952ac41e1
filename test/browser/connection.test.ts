import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { ServerStatus } from '../../contracts/ipc'
import { heading, PASSWORD, passwordField, startDashboardServer, withBrowser } from './dashboard'

const { openDashboard, openPage, openSignedIn } = withBrowser()
const LOST = 'The server cannot be reached.'

test('a server that stops is announced, and the notice goes when it is back', async () => {
  const { server, page } = await openSignedIn()
  await page.getByText('Healthy').waitFor()
  await server.close()

  await page.getByRole('status').getByText(LOST).waitFor({ timeout: 20_000 })
  await page.getByRole('main').getByText('No answer').first().waitFor()
  const [first = 0, second = 0] = await pausesBetweenQuestions(page, 2)
  const accountAskedFor = page.waitForRequest('**/api/auth/verify')
  await server.startSibling({ port: Number(new URL(server.origin).port) })

  expect(second).toBeGreaterThan(first * 1.3)
  await page.getByText(LOST).waitFor({ state: 'detached', timeout: 20_000 })
  await page.getByText('Healthy').waitFor()
  await accountAskedFor
  expect(await page.getByRole('banner').innerText()).toContain('Ada Analyst')
})

test('what was typed survives a server that is away, and can be sent again', async () => {
  const { server, page } = await openDashboard()
  const { account } = await server.signUp()
  await heading(page, 'Sign in').waitFor()
  await server.close()
  await page.getByLabel('E-mail').fill(account.email)
  await passwordField(page).fill(account.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText(LOST).waitFor()

  await server.startSibling({ port: Number(new URL(server.origin).port) })
  await page.getByRole('status').getByText(LOST).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Sign in' }).click()

  await heading(page, 'Overview').waitFor()
})

test('nobody has to wait for the next question', async () => {
  const server = await startDashboardServer()
  const page = await openPage(server.origin)
  await page.clock.install()
  await page.goto('/')
  await heading(page, 'Sign in').waitFor()
  await server.close()
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))) // as if the person just came back
  await page.getByRole('status').getByText(LOST).waitFor()
  await page.clock.pauseAt(new Date(Date.now() + 60_000)) // from here on nothing is asked by itself
  await page.getByRole('status').getByText(LOST).waitFor()
  await server.startSibling({ port: Number(new URL(server.origin).port) })

  await page.getByRole('button', { name: 'Try now' }).click()

  await page.getByRole('status').getByText(LOST).waitFor({ state: 'detached' })
})

test('a session is restored once the server that was away at the start is back', async () => {
  const { page } = await openSignedIn()
  await page.route('**/api/**', (route) => route.abort('connectionrefused'))
  await page.reload()
  await page.getByRole('status').getByText(LOST).waitFor()

  await page.unroute('**/api/**')

  await heading(page, 'Overview').waitFor()
  expect(await page.getByText(LOST).count()).toBe(0)
})

test('an answer of some other program is not mistaken for ours', async () => {
  const { page } = await openDashboard()
  await page.route('**/api/auth/login', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<h1>Printer</h1>' }),
  )
  await page.getByLabel('E-mail').fill('ada@example.com')
  await passwordField(page).fill(PASSWORD)

  await page.getByRole('button', { name: 'Sign in' }).click()

  await page.getByRole('alert').getByText('The server sent an answer that this version').waitFor()
  expect(await page.getByText('Printer').count()).toBe(0)
})

test('the desktop tells how its server fares in the same place', async () => {
  const { origin } = await startDashboardServer()
  const page = await openPage(origin)
  await page.addInitScript(() => {
    const onServerStatus = (listener: (status: ServerStatus) => void) => {
      listener({ state: 'ready', origin: '', setupCode: null })
      window.addEventListener('test-status', (event) => listener((event as CustomEvent<ServerStatus>).detail))
      return () => undefined
    }
    Object.assign(window, { aurelius: { onServerStatus } })
  })
  await page.goto('/')
  await heading(page, 'Sign in').waitFor()

  await page.route('**/api/health', (route) => route.abort('connectionrefused'))
  await tell(page, { state: 'restarting', attempt: 2 })
  await page.getByRole('status').getByText('The server stopped and is being restarted (attempt 2).').waitFor()
  await tell(page, { state: 'failed', reason: 'The disk is full.', wasReady: true })
  await page.getByRole('status').getByText('The disk is full.').waitFor()
  await page.unroute('**/api/health')
  await tell(page, { state: 'ready', origin, setupCode: null })

  await page.getByText('The disk is full.').waitFor({ state: 'detached' })
})

/** Waits until the page asked the server again so many times more; answers the milliseconds between. */
async function pausesBetweenQuestions(page: Page, count: number): Promise<number[]> {
  const moments: number[] = []
  for (let question = 0; question <= count; question++) {
    await page.waitForRequest('**/api/health')
    moments.push(Date.now())
  }
  return moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0))
}

function tell(page: Page, status: ServerStatus): Promise<boolean> {
  return page.evaluate((detail) => window.dispatchEvent(new CustomEvent('test-status', { detail })), status)
}
