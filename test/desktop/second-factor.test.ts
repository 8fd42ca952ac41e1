import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { withBrowser } from '../browser/dashboard'
import { appCode } from '../support/totp'
import { launch, register, startSession } from './launch'

const { openPage } = withBrowser()

const ADA = { email: 'ada@example.com', password: 'correct horse battery staple' }

test('a person signs in with password and code, restarts, and is still signed in', async () => {
  const session = await startSession()
  const first = await launch(session)
  await register(first.page, ADA.email)
  const { secret, recoveryCode } = await setUpApp(first.page)
  await first.page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()

  await password(first.page)
  // The code that confirmed the app is used up; the next one is taken a step early.
  await first.page.getByLabel('Code', { exact: true }).fill(appCode(secret, Date.now(), 1))
  await first.page.getByRole('button', { name: 'Sign in' }).click()
  await signedIn(first.page)
  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()
  await first.quit()

  const { page } = await launch(session)
  await signedIn(page)
  expect(await session.secret('data-key')).toMatch(/^[\w-]{43}$/)

  // The key of the app outlived the restart: another sign-in asks for a code, and takes one.
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
  await password(page)
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code', { exact: true }).fill(recoveryCode)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await signedIn(page)
})

test('a window whose session is ended in a browser falls back to sign-in at once', async () => {
  const session = await startSession()
  const { page } = await launch(session)
  await register(page, ADA.email)
  const { secret, recoveryCode } = await setUpApp(page)
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
  await password(page)
  await page.getByLabel('Code', { exact: true }).fill(appCode(secret, Date.now(), 1))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await signedIn(page)
  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()

  const browser = await openPage(new URL(page.url()).origin)
  await browser.goto('/')
  await password(browser)
  await browser.getByRole('button', { name: 'Use a recovery code' }).click()
  await browser.getByLabel('Recovery code', { exact: true }).fill(recoveryCode)
  await browser.getByRole('button', { name: 'Sign in' }).click()
  await signedIn(browser)
  await page.getByRole('status').getByText('Somebody signed in to your account.').waitFor()
  await browser.getByRole('link', { name: 'Profile', exact: true }).click()
  await browser.getByRole('button', { name: /^Sign out Aurelius/ }).click()

  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await expect.poll(() => session.secret('refresh-token')).toBeNull()
  await signedIn(browser)
})

async function setUpApp(page: Page): Promise<{ secret: string; recoveryCode: string }> {
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const secret = (await page.locator('ol code').innerText()).replaceAll(' ', '')
  await page.getByLabel('Code', { exact: true }).fill(appCode(secret, Date.now()))
  await page.getByRole('button', { name: 'Confirm' }).click()
  const recoveryCode = await page
    .getByRole('list', { name: 'Recovery codes' })
    .getByRole('listitem')
    .first()
    .innerText()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  return { secret, recoveryCode }
}

async function password(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(ADA.email)
  await page.getByLabel('Password', { exact: true }).fill(ADA.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function signedIn(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).waitFor()
}
