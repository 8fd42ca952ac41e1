import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { apiKeyList } from '../../contracts/api-keys'
import { makeKey, rotateKey } from '../support/api-keys'
import { focusedName, heading, PASSWORD, tokenIn, withBrowser } from './dashboard'

const { openSignedIn } = withBrowser()

async function openKeys(options: { width?: number; now?: () => number } = {}) {
  const { width = 1280, now } = options
  const { server, page } = await openSignedIn('/', now ? { now } : {}, { viewport: { width, height: 900 } })
  const owner = server.client.withToken(await tokenIn(page))
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByRole('link', { name: 'Manage API keys' }).click()
  await heading(page, 'API keys').waitFor()
  return { server, page, owner }
}

const item = (page: Page, name: string) => page.getByRole('listitem', { name })
const dialog = (page: Page) => page.getByRole('dialog')
const verify = async (page: Page, secret: string) =>
  (await page.request.get('/api/auth/verify', { headers: { authorization: `Bearer ${secret}` } })).status()

test('who has no key is told what one is for, makes one, and gets the secret once', async () => {
  const { page, owner } = await openKeys()
  await page.getByText('You have no API keys.').waitFor()
  await page.getByRole('button', { name: 'Create key' }).click()
  await dialog(page).getByLabel('Name').fill('Nightly backtest')
  await dialog(page).getByRole('checkbox', { name: 'read your profile and permissions' }).check()

  await dialog(page).getByRole('button', { name: 'Create key' }).click()

  await page.getByRole('heading', { name: 'Your key “Nightly backtest”' }).waitFor()
  const secret = await page.locator('section code').first().innerText()
  expect(secret).toMatch(/^aur_[0-9A-Za-z]{49}$/)
  expect(await verify(page, secret)).toBe(200)
  expect(await page.getByRole('tabpanel').innerText()).toContain('AURELIUS_API_KEY')
  expect(await page.getByRole('tabpanel').innerText()).not.toContain(secret)
  const { api_keys: keys } = apiKeyList.parse((await owner.get('/api/auth/keys')).body)
  expect(keys).toMatchObject([{ name: 'Nightly backtest', scopes: ['account:read', 'ledger:read'], addresses: null }])
  expect(Date.parse(keys[0]?.expires_at ?? '') - Date.now()).toBeGreaterThan(89 * 86_400_000)

  await page.getByRole('button', { name: 'I have kept it' }).click()
  expect(await page.content()).not.toContain(secret)
  await page.reload()
  await item(page, 'Nightly backtest').getByText('in 90 days').waitFor()
  expect(await page.content()).not.toContain(secret)
})

test('faults stand by their fields, also those that only the server finds, and nothing is made', async () => {
  const { page, owner } = await openKeys()
  await makeKey(owner, { name: 'taken' })
  await page.reload()
  await page.getByRole('button', { name: 'Create key' }).click()
  const submit = () => dialog(page).getByRole('button', { name: 'Create key' }).click()

  await submit()
  await dialog(page).getByText('Give the key a name.').waitFor()
  expect(await focusedName(page)).toBe('Name')
  await dialog(page).getByLabel('Name').fill('taken')
  await dialog(page).getByLabel('Only from these addresses').fill('localhost')
  await submit()
  await dialog(page)
    .getByText(/Enter addresses such as/)
    .waitFor()
  await dialog(page).getByLabel('Only from these addresses').fill('10.0.0.0/8, 192.0.2.7')
  await submit()

  await dialog(page).getByText('You have a key of this name').waitFor()
  expect((await owner.get('/api/auth/keys')).body.total).toBe(1)
  await dialog(page).getByLabel('Name').fill('free')
  await submit()
  await page.getByRole('heading', { name: 'Your key “free”' }).waitFor()
  await item(page, 'free').getByText('10.0.0.0/8, 192.0.2.7').waitFor()
})

test('a key that may write and never expires has to be meant', async () => {
  const { page, owner } = await openKeys()
  await page.getByRole('button', { name: 'Create key' }).click()
  await dialog(page).getByLabel('Name').fill('for ever')
  await dialog(page).getByLabel('Expires after').selectOption('Never')
  expect(await dialog(page).getByText('never expires. I want that').count()).toBe(0)
  await dialog(page)
    .getByRole('checkbox', { name: /record strategies/ })
    .check()

  await dialog(page).getByRole('button', { name: 'Create key' }).click()
  await dialog(page)
    .getByText(/unless you say that you want it/)
    .waitFor()
  expect((await owner.get('/api/auth/keys')).body.total).toBe(0)
  await dialog(page)
    .getByRole('checkbox', { name: /never expires. I want that/ })
    .check()
  await dialog(page).getByRole('button', { name: 'Create key' }).click()

  await page.getByRole('heading', { name: 'Your key “for ever”' }).waitFor()
  expect((await owner.get('/api/auth/keys')).body.api_keys).toMatchObject([
    { scopes: ['ledger:read', 'ledger:write'], expires_at: null },
  ])
})

test('a key that may write asks who is there when the last proof is old, and is made after it', async () => {
  const clock = { ahead: 0 }
  const { page } = await openKeys({ now: () => Date.now() + clock.ahead })
  await page.getByRole('button', { name: 'Create key' }).click()
  await dialog(page).getByLabel('Name').fill('writing')
  await dialog(page)
    .getByRole('checkbox', { name: /record strategies/ })
    .check()
  clock.ahead = 6 * 60_000

  await dialog(page).getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
  await page.getByLabel('Your password').fill(PASSWORD)
  await page.keyboard.press('Enter')

  await page.getByRole('heading', { name: 'Your key “writing”' }).waitFor()
})

test('a rotated key shows the grace counting down, and the old one can be ended early', async () => {
  const { page, owner } = await openKeys()
  const old = await makeKey(owner, { name: 'worker' })
  await page.reload()
  await page.getByRole('button', { name: 'Rotate worker' }).click()
  await dialog(page).getByLabel('The old key works for').selectOption('One hour')
  await dialog(page).getByRole('button', { name: 'Rotate' }).click()
  await page.getByRole('heading', { name: 'Your key “worker”' }).waitFor()
  const secret = await page.locator('section code').first().innerText()
  expect(await Promise.all([old.secret, secret].map((key) => verify(page, key)))).toEqual([200, 200])

  const timer = item(page, 'worker').getByRole('timer')
  const first = await timer.innerText()
  expect(first).toMatch(/^(01:00:00|00:59:5\d)$/)
  await expect.poll(() => timer.innerText()).not.toBe(first)
  expect((await timer.innerText()) < first).toBe(true)

  await page.getByRole('button', { name: 'End it now: the old key of worker' }).click()
  await dialog(page).getByRole('button', { name: 'End it now' }).click()
  await page.getByText('The old key of “worker” has ended.').waitFor()
  await timer.waitFor({ state: 'detached' })
  expect(await Promise.all([old.secret, secret].map((key) => verify(page, key)))).toEqual([401, 200])
})

test('when the grace is over the page says so by itself', async () => {
  const { page, owner } = await openKeys()
  const { id } = await makeKey(owner, { name: 'worker' })
  await rotateKey(owner, id, 4)
  await page.reload()

  await item(page, 'worker').getByRole('timer').waitFor()
  await item(page, 'worker').getByRole('timer').waitFor({ state: 'detached' })
})

test('a revoked key leaves the list after a question, and is dead', async () => {
  const { page, owner } = await openKeys()
  const [gone, kept] = [await makeKey(owner, { name: 'gone' }), await makeKey(owner, { name: 'kept' })]
  await page.reload()
  await page.getByRole('button', { name: 'Revoke gone' }).click()
  await dialog(page).getByRole('button', { name: 'Cancel' }).click()
  expect(await verify(page, gone.secret)).toBe(200)

  await page.getByRole('button', { name: 'Revoke gone' }).click()
  await dialog(page).getByRole('button', { name: 'Revoke' }).click()

  await page.getByRole('status').getByText('“gone” is revoked.').waitFor()
  await item(page, 'gone').waitFor({ state: 'detached' })
  expect(await Promise.all([gone, kept].map(({ secret }) => verify(page, secret)))).toEqual([401, 200])
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true)
})

test.each([
  ['ready', 200, 'Last used'],
  ['away', 500, 'Try again'],
])('a list that is %s says so', async (_what, status, text) => {
  const { page, owner } = await openKeys()
  await makeKey(owner)
  if (status !== 200)
    await page.route('**/api/auth/keys', (route) =>
      route.fulfill({
        status,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          type: 'about:blank',
          title: 'Internal Server Error',
          status,
          detail: 'Something went wrong on the server; its log has the details.',
          code: 'internal_error',
        }),
      }),
    )
  await page.reload()

  await page.getByText(text).first().waitFor()
})
