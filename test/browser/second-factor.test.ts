import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { appCode } from '../support/totp'
import { focusedName, heading, messageOf, PASSWORD, passwordField, signIn, signUp, withBrowser } from './dashboard'

const { openDashboard, openSignedIn } = withBrowser()

const STEP_MS = 30_000
/** The administrator every server of these tests has. */
const GRACE = { email: 'grace@example.com', password: 'a long enough password', name: 'Grace Administrator' }
const START = Date.parse('2026-03-01T12:00:05Z')

/** A server whose clock the test turns, and a person with an authenticator app who is signed out again. */
async function signedOutWithApp() {
  let at = START
  const dashboard = await openDashboard('/', { now: () => at })
  const { page } = dashboard
  const email = await signUp(page)
  const { secret, codes } = await setUpApp(page, () => at)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
  await heading(page, 'Sign in').waitFor()
  at += STEP_MS
  return {
    ...dashboard,
    email,
    codes,
    code: (steps = 0) => appCode(secret, at, steps),
    move: (ms: number) => (at += ms),
  }
}

/** Through the profile page, up to the recovery codes. */
async function setUpApp(page: Page, now: () => number) {
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  const secret = (await page.locator('ol code').innerText()).replaceAll(' ', '')
  await page.getByLabel('Code', { exact: true }).fill(appCode(secret, now()))
  await page.getByRole('button', { name: 'Confirm' }).click()
  const list = page.getByRole('list', { name: 'Recovery codes' })
  await list.waitFor()
  return { secret, codes: await list.getByRole('listitem').allInnerTexts() }
}

test('an app is set up with a QR code and a first code, and ten recovery codes are shown once', async () => {
  const { page } = await openSignedIn('/', { now: () => START })

  const { secret, codes } = await setUpApp(page, () => START)

  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(new Set(codes).size).toBe(10)
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download', exact: true }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('aurelius-recovery-codes.txt')
  const text = readFileSync(await download.path(), 'utf8')
  for (const code of codes) expect(text).toContain(code)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 of 10 left').waitFor()
  expect(await page.content()).not.toContain(codes[0])
  await page.reload()
  await page.getByText('10 of 10 left').waitFor()
})

test('the key is in the QR code that a telephone reads', async () => {
  const { page } = await openSignedIn('/profile', { now: () => START })
  const replied = page.waitForResponse('**/api/auth/factors/totp')
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const { uri } = await (await replied).json()

  const path = await page
    .getByRole('img', { name: /QR code/ })
    .locator('path')
    .getAttribute('d')

  const { encode } = await import('uqr')
  const { data } = encode(uri, { ecc: 'M', border: 4 })
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}`] : [])))
  expect(path?.match(/M\d+ \d+/g)).toEqual(dark)
})

test('a wrong first code is told by its field, and nothing is protected yet', async () => {
  const { page } = await openSignedIn('/profile', { now: () => START })
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()

  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect.poll(() => messageOf(page, 'Code')).toContain('Enter the six digits that the app shows.')
  await page.getByLabel('Code', { exact: true }).fill('000 000')
  await page.getByRole('button', { name: 'Confirm' }).click()

  await expect.poll(() => messageOf(page, 'Code')).toContain('That code is not right')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Off', { exact: true }).waitFor()
})

test('signing in takes the password, then a code', async () => {
  const { page, email, code } = await signedOutWithApp()

  await signIn(page, email)
  await heading(page, 'Enter your code').waitFor()
  expect(await focusedName(page)).toBe('Code')
  expect(await page.title()).toBe('Enter your code · Aurelius')
  await page.getByLabel('Code', { exact: true }).fill(code())
  await page.keyboard.press('Enter')

  await heading(page, 'Profile').or(heading(page, 'Overview')).waitFor()
})

test('a wrong code can be tried again, a recovery code stands in for the app', async () => {
  const { page, email, codes, code } = await signedOutWithApp()
  await signIn(page, email)

  await page.getByLabel('Code', { exact: true }).fill(code(5))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.poll(() => messageOf(page, 'Code')).toContain('That code is not right')
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await heading(page, 'Enter a recovery code').waitFor()
  await page.getByLabel('Recovery code', { exact: true }).fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()

  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).waitFor()
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByText('9 of 10 left').waitFor()
})

test('a second step that took too long leads back to the password, and says so', async () => {
  const { page, email, code, move } = await signedOutWithApp()
  await signIn(page, email)
  await heading(page, 'Enter your code').waitFor()
  move(300_000)

  await page.getByLabel('Code', { exact: true }).fill(code())
  await page.getByRole('button', { name: 'Sign in' }).click()

  await heading(page, 'Sign in').waitFor()
  await page.getByText('This sign-in cannot be finished any more').waitFor()
  await signIn(page, email)
  await heading(page, 'Enter your code').waitFor()
})

test('the second step can be left for another account', async () => {
  const { server, page, email } = await signedOutWithApp()
  const { account: bob } = await server.signUp('Bob')
  await signIn(page, email)
  await heading(page, 'Enter your code').waitFor()

  await page.getByRole('button', { name: 'Use another account' }).click()
  await signIn(page, bob.email, bob.password)

  await page.getByRole('banner').getByText('Bob', { exact: true }).waitFor()
})

test('the app is removed after a question, and then the password is enough', async () => {
  const { page, email, code } = await signedOutWithApp()
  await signIn(page, email)
  await page.getByLabel('Code', { exact: true }).fill(code())
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Profile', exact: true }).click()

  await page.getByRole('button', { name: 'Remove the app' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the app' }).click()
  await page.getByText('Your authenticator app is removed.').waitFor()
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('E-mail').fill(email)
  await passwordField(page).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()

  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).waitFor()
})

test('what changes the protection asks who is there when the sign-in is long ago, and then goes on by itself', async () => {
  let at = START
  const { page } = await openSignedIn('/', { now: () => at })
  at += 300_000
  await page.getByRole('link', { name: 'Profile', exact: true }).click()

  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await dialog.getByLabel('Your password').waitFor()
  await expect.poll(() => focusedName(page)).toBe('Your password')
  await page.keyboard.type('not my password')
  await page.keyboard.press('Enter')
  await dialog.getByText('The password is not right.').waitFor()
  await dialog.getByLabel('Your password').fill(PASSWORD)
  await page.keyboard.press('Enter')

  await page.getByRole('img', { name: /QR code/ }).waitFor()
  expect(await dialog.isVisible()).toBe(false)
})

test('with an app its code is what proves it, and whoever will not is told that nothing was done', async () => {
  const { page, email, code, move } = await signedOutWithApp()
  await signIn(page, email)
  await page.getByLabel('Code', { exact: true }).fill(code())
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByText('10 of 10 left').waitFor()
  move(300_000)
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  const makeCodes = async () => {
    await page.getByRole('button', { name: 'Make new recovery codes' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click()
    await dialog.getByLabel('Code', { exact: true }).waitFor()
  }

  await makeCodes()
  await page.keyboard.press('Escape')
  await page.getByText('Confirm that it is you: this takes a proof').waitFor()
  await makeCodes()
  await dialog.getByLabel('Code', { exact: true }).fill(code())
  await dialog.getByRole('button', { name: 'Confirm' }).click()

  await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
})

test('at an address of numbers there are no passkeys, and the page says where there are', async () => {
  const { page } = await openSignedIn('/profile')

  const { port } = new URL(page.url())
  await page.getByText(`open http://localhost:${port} in a browser on this computer`).waitFor()
  expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0)
})

test('where everybody must have one, a person without sets it up before anything else, and then goes on', async () => {
  const { server, page } = await openSignedIn()
  const admin = await server.client.login(GRACE)
  await admin.request('PUT', '/api/admin/second-factor', { required: true })

  await page.goto('/')
  await heading(page, 'Protect your account').waitFor()
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await heading(page, 'Protect your account').waitFor()
  expect(await page.getByText('Where you are signed in.').count()).toBe(0)
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const secret = (await page.locator('ol code').innerText()).replaceAll(' ', '')
  await page.getByLabel('Code', { exact: true }).fill(appCode(secret, Date.now()))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
  await page.getByRole('button', { name: 'I have kept them' }).click()

  await heading(page, 'Profile').waitFor()
  await page.getByText('Where you are signed in.').waitFor()
  await page.getByRole('cell', { name: '127.0.0.1' }).first().waitFor()
})

test('what is decided while a page is open counts at its next request', async () => {
  const { server, page } = await openSignedIn()
  const admin = await server.client.login(GRACE)
  await admin.request('PUT', '/api/admin/second-factor', { required: true })

  await page.getByRole('link', { name: 'Profile', exact: true }).click()

  await heading(page, 'Protect your account').waitFor()
})
