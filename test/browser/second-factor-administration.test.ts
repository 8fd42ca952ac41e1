import { expect, test } from 'vitest'
import { enrolled } from '../support/protected-account'
import { heading, signIn, withBrowser } from './dashboard'

const { openDashboard } = withBrowser()
const GRACE = { email: 'grace@example.com', password: 'a long enough password', name: 'Grace Administrator' }

test('an administrator requires a second factor of everybody, and is the first to set one up', async () => {
  const { server, page } = await openDashboard('/admin/second-factor')
  const ada = await server.signUp('Ada')
  await signIn(page, GRACE.email, GRACE.password)
  await heading(page, 'Second factor').waitFor()
  await page.getByText('0 of 2 active accounts have an authenticator app or a passkey.').waitFor()

  await page.getByRole('button', { name: 'Require a second factor' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Require it' }).click()

  await heading(page, 'Protect your account').waitFor()
  expect((await ada.get('/api/auth/sessions')).body.code).toBe('second_factor_enrolment_required')
})

test('an administrator takes a lost second factor off an account', async () => {
  const { server, page } = await openDashboard('/admin')
  const bob = await enrolled(await server.signUp('Bob'), Date.now)
  await signIn(page, GRACE.email, GRACE.password)
  await page.getByRole('button', { name: 'Bob', exact: true }).click()

  await page.getByRole('button', { name: 'Reset the second factor' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Reset it' }).click()

  await page.getByText('Bob signs in with the password alone.').waitFor()
  expect((await bob.password()).status).toBe(200)
})
