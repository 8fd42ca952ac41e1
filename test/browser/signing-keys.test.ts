import { expect, test } from 'vitest'
import { SigningKeyStoreError } from '../../server/signing-keys'
import { keptSigningKeys } from '../support/kept-signing-keys'
import type { TestServerOptions } from '../support/start-test-server'
import { heading, signIn, withBrowser } from './dashboard'

const { openDashboard } = withBrowser()

/** An administrator at the page of the server, whose keys rest outside it unless the options say otherwise. */
async function openServerPage(options: TestServerOptions) {
  const settings = { isFirstRun: true, ...options }
  const { server, page } = await openDashboard('/', settings)
  const admin = await server.setUp('Grace')
  await page.goto('/sign-in')
  await signIn(page, admin.account.email, admin.account.password)
  await heading(page, 'Overview').waitFor()
  await page.getByRole('link', { name: 'Administration' }).click()
  await page.getByRole('link', { name: 'Server' }).click()
  await heading(page, 'Server').waitFor()
  const rows = page.getByRole('table', { name: 'Signing keys' }).getByRole('row')
  return { server, page, admin, rows }
}

test('an administrator makes a new signing key, and stays signed in', async () => {
  const kept = keptSigningKeys()
  const { page, rows, server, admin } = await openServerPage({
    secrets: { signingKeys: kept.keys() },
    signingKeyStore: kept.store,
  })
  const [oldId = ''] = kept.ids()
  await rows.filter({ hasText: oldId }).getByText('Signs', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Make a new key' }).click()
  const question = page.getByRole('dialog', { name: 'Make a new signing key?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  expect(kept.ids()).toEqual([oldId])
  await page.getByRole('button', { name: 'Make a new key' }).click()
  await question.getByRole('button', { name: 'Make a new key' }).click()

  await page.getByRole('status').getByText('A new signing key is there').waitFor()
  const newId = kept.ids()[1] ?? ''
  await rows.filter({ hasText: newId }).getByText('About to begin').waitFor()
  expect(await page.getByRole('button', { name: 'Make a new key' }).isDisabled()).toBe(true)
  await rows.filter({ hasText: newId }).getByText('Signs', { exact: true }).waitFor({ timeout: 30_000 })
  await rows.filter({ hasText: oldId }).getByText('Checks').waitFor()
  expect(await rows.filter({ hasText: oldId }).locator('time').count()).toBe(2)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  expect((await server.client.withToken(admin.token).get('/api/auth/verify')).status).toBe(200)
  for (const { key } of kept.keys()) expect(await page.content()).not.toContain(Buffer.from(key).toString('base64url'))
})

test('a keychain that does not answer is told in its own words', async () => {
  const kept = keptSigningKeys()
  const refusing = {
    ...kept.store,
    rotate: () => Promise.reject(new SigningKeyStoreError('The keychain is locked: unlock it, then try again.')),
  }
  const { page, rows } = await openServerPage({ secrets: { signingKeys: kept.keys() }, signingKeyStore: refusing })

  await page.getByRole('button', { name: 'Make a new key' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new key' }).click()

  await page.getByRole('alert').getByText('The keychain is locked: unlock it, then try again.').waitFor()
  expect(await rows.count()).toBe(2)
})

test('where the key is a setting the page says how it is changed, and offers no button', async () => {
  const { page, rows } = await openServerPage({})

  await page.getByText('This server’s key is the setting SECRET_KEY.').waitFor()
  expect(await rows.count()).toBe(2)
  expect(await page.getByRole('button', { name: 'Make a new key' }).count()).toBe(0)
})
