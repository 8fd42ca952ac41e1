import { expect, test } from 'vitest'
import { focusedName, heading, PASSWORD, passwordField, signIn, signUp, tokenIn, withBrowser } from './dashboard'

const { openDashboard } = withBrowser()
const EXPIRED = 'Your session has expired. Sign in again.'

test('a session that ends is noticed without a click, and signing in leads back', async () => {
  const { page } = await openDashboard('/', { config: { tokens: { algorithm: 'HS256', lifetimeSeconds: 4 } } })
  const email = await signUp(page)
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await heading(page, 'Profile').waitFor()

  await page.getByText(EXPIRED).waitFor()

  expect(await tokenIn(page)).toBe('')
  expect(await page.getByLabel('E-mail').inputValue()).toBe(email)
  expect(await focusedName(page)).toBe('Password')
  await passwordField(page).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await heading(page, 'Profile').waitFor()
})

test('a session revoked elsewhere ends here at the next request, and signing in leads back', async () => {
  const { server, page } = await openDashboard()
  const email = await signUp(page)
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  const elsewhere = await server.client.login({ email, password: PASSWORD, name: '' })
  const newPassword = 'five words in a row'
  await elsewhere.post('/api/auth/change-password', { current_password: PASSWORD, new_password: newPassword })
  await page.getByLabel('Current password').fill(newPassword)
  await page.getByLabel('New password').fill('a password nobody will have')

  await page.getByRole('button', { name: 'Change password' }).click()

  await page.getByText(EXPIRED).waitFor()
  await signIn(page, email, newPassword)
  await heading(page, 'Profile').waitFor()
})

test('a token that no longer works is not restored on reload', async () => {
  const { server, page } = await openDashboard()
  await signUp(page)
  await server.client.withToken(await tokenIn(page)).post('/api/auth/logout')

  await page.reload()

  await page.getByText(EXPIRED).waitFor()
  expect(await tokenIn(page)).toBe('')
})

test('a session is asked for again when the server was too busy to restore it', async () => {
  const { page } = await openDashboard()
  await signUp(page)
  const detail = 'Too much is going on: try again in a moment.'
  const problem = { type: 'about:blank', title: '', status: 503, detail, code: 'busy' }
  await page.route('**/api/auth/verify', (route) => route.fulfill({ status: 503, json: problem }))
  await page.reload()
  await page.getByRole('alert').getByText(detail).waitFor()

  await page.unroute('**/api/auth/verify')

  await heading(page, 'Overview').waitFor()
})

test('rubbish where the token should be is no reason to fail', async () => {
  const { page } = await openDashboard()
  await page.evaluate(() => sessionStorage.setItem('aurelius-access-token', 'not.a.token'))

  await page.reload()

  await heading(page, 'Sign in').waitFor()
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
