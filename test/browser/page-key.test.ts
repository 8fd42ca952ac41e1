import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { makePageKey } from '../support/page-key'
import { heading, signUp, startDashboardServer, withBrowser } from './dashboard'

const { openDashboard, openPage } = withBrowser()

test('a page on another port that was sent the refresh cookie renews nothing with it, and its owner stays signed in', async () => {
  const { server, page } = await openDashboard()
  await signUp(page)
  const lure = await startLure()
  const lured = await page.context().newPage()
  await lured.goto(lure.origin)

  await lured.evaluate(() => fetch('/api/auth/refresh', { method: 'POST' }))
  await lured.evaluate(
    // Refused, and not even the refusal is for that page.
    (url) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => undefined),
    `${server.origin}/api/auth/refresh`,
  )

  const [cookie = ''] = lure.cookies
  expect(cookie).toMatch(new RegExp(`^aurelius_refresh_${new URL(server.origin).port}=[\\w-]{43}$`))
  const address = `${server.origin}/api/auth/refresh`
  for (const proof of [{}, { dpop: makePageKey().prove(address, Date.now()) }]) {
    const headers = { origin: server.origin, 'sec-fetch-site': 'same-origin', cookie, ...proof }
    const reply = await server.client.post('/api/auth/refresh', undefined, { headers })
    expect(reply).toMatchObject({ status: 401, body: { code: 'invalid_dpop_proof' } })
  }
  await page.reload()
  await heading(page, 'Overview').waitFor()
})

test('two servers in one browser have their own sessions, each with a key that no script can read', async () => {
  const { page } = await openDashboard()
  await signUp(page)
  const second = await startDashboardServer()
  const other = await page.context().newPage()

  await other.goto(`${second.origin}/`)
  await heading(other, 'Sign in').waitFor()
  await other.goto(`${second.origin}/sign-up`)
  await other.getByLabel('Name').fill('Bob')
  await other.getByLabel('E-mail').fill('bob@example.com')
  await other.getByLabel('Password', { exact: true }).fill('four words in a row')
  await other.getByRole('button', { name: 'Create account' }).click()
  await heading(other, 'Overview').waitFor()

  for (const [tab, name] of [
    [page, 'Ada Analyst'],
    [other, 'Bob'],
  ] as const) {
    await tab.reload()
    await tab.getByRole('banner').getByText(name).first().waitFor()
  }
  const kept = await page.evaluate(async () => {
    const open = indexedDB.open('aurelius')
    await new Promise((resolve) => open.addEventListener('success', resolve))
    const get = open.result.transaction('keys').objectStore('keys').get('page')
    await new Promise((resolve) => get.addEventListener('success', resolve))
    const { privateKey } = get.result as CryptoKeyPair
    const exported = await crypto.subtle.exportKey('jwk', privateKey).catch(({ name }: Error) => name)
    return { extractable: privateKey.extractable, exported }
  })
  expect(kept).toEqual({ extractable: false, exported: 'InvalidAccessError' })
})

test('a browser whose clock is an hour behind signs in and stays', async () => {
  const { origin } = await startDashboardServer()
  const page = await openPage(origin)
  await page.addInitScript(() => {
    const now = Date.now
    Date.now = () => now() - 3_600_000
  })

  await signUp(page)
  await page.reload()

  await heading(page, 'Overview').waitFor()
})

/** What another user of the computer could run: a page, and a note of every cookie that comes along. */
async function startLure() {
  const cookies: string[] = []
  const server = createServer((request, response) => {
    if (request.headers.cookie) cookies.push(request.headers.cookie)
    response.setHeader('content-type', 'text/html')
    response.end('<title>Lure</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { cookies, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
