import type { Page, WebSocket } from 'playwright-core'
import { expect, test } from 'vitest'
import type { TestClient } from '../support/test-client'
import { faultsOf } from './audit'
import { heading, PASSWORD, signUp, tokenIn, withBrowser } from './dashboard'
import { curve } from './recorded-run'

const { openDashboard } = withBrowser()

test('what happens elsewhere shows at once, and what happened during a break shows after it', async () => {
  const { page, client, server } = await openLive()
  await page.getByRole('link', { name: 'New strategy' }).waitFor() // the overview has no such button
  await page.getByRole('link', { name: 'Strategies' }).click()
  await page.getByText('Nothing is recorded yet').waitFor()

  const { body: strategy } = await create(client, 'Trend of futures')
  const table = page.getByRole('table', { name: 'Strategies' })
  await table.getByRole('link', { name: 'Trend of futures' }).click()
  await page.getByText('No run is recorded yet').waitFor()
  await client.post('/api/v1/backtests', { strategy_id: strategy.id, label: 'From a script' })
  await page.getByRole('link', { name: 'From a script', exact: true }).waitFor()
  await page.getByRole('link', { name: 'All strategies' }).click()

  const { port } = new URL(server.origin)
  await server.close()
  await page.getByRole('img', { name: 'Changes show when the server can be reached again.' }).waitFor()
  const again = await server.startSibling({ port: Number(port) })
  await create(client.at(again.origin), 'Made in the break')
  await table.getByRole('link', { name: 'Made in the break' }).waitFor()
  await live(page).waitFor()
})

test('the overview follows a run as its points come', async () => {
  const { page, client } = await openLive()
  const { body: strategy } = await create(client, 'Trend of futures')
  const { body: run } = await client.post('/api/v1/backtests', { strategy_id: strategy.id, label: 'Slow' })
  const running = page.getByRole('region', { name: 'Runs in progress' })
  await running.getByText('0 points').waitFor()
  // What was asked for once is brought up to date by what happens, not by asking again.
  await page.route('**/api/v1/backtests?*', (route) => route.abort())
  await client.post(`/api/v1/backtests/${run.id}/points?offset=0`, curve(100))
  await running.getByText('100 points').waitFor()
})

test('a sign-in elsewhere asks its owner, who finds it among the sessions and ends it', async () => {
  const { page, client, server } = await openLive()
  const email = 'ada@example.com'
  expect(await page.getByText('Was this you?').count()).toBe(0)
  const other = await server.client.login({ email, password: PASSWORD, name: '' })
  const alert = page.getByRole('status').filter({ hasText: 'Somebody signed in to your account.' })
  await alert.getByText('Node.js, 127.0.0.1').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 840 })

  await alert.getByRole('link', { name: 'Look at your sessions' }).click()
  await heading(page, 'Profile').waitFor()
  expect(await alert.count()).toBe(0)
  const sessions = page.getByRole('table', { name: 'Sessions' })
  await expect.poll(() => sessions.getByRole('row', { name: /Node\.js/ }).count()).toBe(1)
  // The list follows what others do.
  await other.post('/api/auth/logout')
  await expect.poll(() => sessions.getByRole('row', { name: /Node\.js/ }).count()).toBe(0)

  // And who is signed out elsewhere is so here.
  const { body } = await client.get('/api/auth/sessions')
  await client.request('DELETE', `/api/auth/sessions/${body.sessions[0].id}`)
  await heading(page, 'Sign in').waitFor()
})

test('the socket takes the next token in place, and closes when its owner signs out', async () => {
  const { page, sockets } = await openLive({ lifetimeSeconds: 6 })
  const [socket] = sockets
  const sent: string[] = []
  socket?.on('framesent', ({ payload }) => sent.push(String(payload)))
  await expect.poll(() => sent.filter((text) => text.includes('"authenticate"')).length).toBe(2)
  expect(socket?.isClosed()).toBe(false)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await heading(page, 'Sign in').waitFor()
  expect(sockets.map((one) => one.isClosed())).toEqual([true])
  expect(sockets.map((one) => new URL(one.url()).search)).toEqual([''])
})

test('a browser tells of long runs of the person, once it is asked to', async () => {
  let time = Date.now()
  const { page, client } = await openLive({ now: () => time })
  await page.context().grantPermissions(['notifications'])
  await page.evaluate(() => {
    const said: string[] = []
    const Recorder = Object.assign(
      function Recorder(title: string) {
        said.push(title)
      },
      { permission: 'granted', requestPermission: async () => 'granted' },
    )
    // Chromium without a screen shows none, and has no other way to look at them.
    Object.assign(globalThis, { said, Notification: Recorder })
    document.hasFocus = () => false
  })
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  const choice = page.getByRole('switch', { name: 'Tell me when a long run has ended' })
  expect(await choice.isChecked()).toBe(false)
  const { body: strategy } = await create(client, 'Trend of futures')
  const finishRun = async (label: string, seconds: number) => {
    const { body: run } = await client.post('/api/v1/backtests', { strategy_id: strategy.id, label })
    time += seconds * 1000
    await client.post(`/api/v1/backtests/${run.id}/points?offset=0`, curve(100))
    expect((await client.post(`/api/v1/backtests/${run.id}/complete`, {})).status).toBe(200)
  }
  await finishRun('before it was chosen', 61)
  await choice.click()
  await expect.poll(() => choice.isChecked()).toBe(true)
  await finishRun('short', 59)
  await finishRun('long', 60)
  const said = () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said)
  await expect.poll(said).toEqual(['Trend of futures: run completed'])
})

async function openLive({ lifetimeSeconds = 1800, now = Date.now } = {}) {
  const { server, page } = await openDashboard('/', {
    config: { tokens: { algorithm: 'HS256', lifetimeSeconds } },
    now,
  })
  const sockets: WebSocket[] = []
  page.on('websocket', (socket) => sockets.push(socket))
  await signUp(page)
  await live(page).waitFor()
  return { server, page, sockets, client: server.client.withToken(await tokenIn(page)) }
}

const live = (page: Page) => page.getByRole('img', { name: 'Changes show as they happen.' })

const create = (client: TestClient, name: string) =>
  client.post('/api/v1/strategies', { name, strategy_type: 'momentum' })
