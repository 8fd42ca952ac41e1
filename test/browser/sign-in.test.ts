import { expect, test } from 'vitest'
import {
  focusedName,
  hasSession,
  heading,
  messageOf,
  PASSWORD,
  passwordField,
  signIn,
  signUp,
  tokenIn,
  withBrowser,
} from './dashboard'

const { openDashboard, openSignedIn } = withBrowser()

test('signing up leads home, and the header says who is signed in', async () => {
  const { page } = await openDashboard()

  const email = await signUp(page)

  expect(new URL(page.url()).pathname).toBe('/')
  expect(await page.getByRole('banner').innerText()).toContain('Ada Analyst')
  expect(await page.getByRole('banner').innerText()).toContain(email)
  expect(await page.title()).toBe('Overview · Aurelius')
})

test('a deep link opened while signed out is reached after signing in', async () => {
  const { server, page } = await openDashboard('/profile?from=mail#password')
  const { account } = await server.signUp()
  await heading(page, 'Sign in').waitFor()

  await signIn(page, account.email, account.password)

  await heading(page, 'Profile').waitFor()
  const { pathname, search, hash } = new URL(page.url())
  expect(pathname + search + hash).toBe('/profile?from=mail#password')
})

test('the way back survives a detour to sign-up', async () => {
  const { page } = await openDashboard('/profile')
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill('Ada Analyst')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await passwordField(page).fill(PASSWORD)

  await page.getByRole('button', { name: 'Create account' }).click()

  await heading(page, 'Profile').waitFor()
})

test.each([
  ['a wrong password', 'not the right password'],
  ['an unknown person', PASSWORD],
])('%s is told in one sentence and says nothing of a session', async (who, password) => {
  const { server, page } = await openDashboard()
  const { account } = await server.signUp()

  await signIn(page, who === 'an unknown person' ? 'nobody@example.com' : account.email, password)

  await page.getByRole('alert').getByText('Wrong e-mail or password.').waitFor()
  expect(await focusedName(page)).toBe('Password')
  expect(await hasSession(page)).toBe(false)
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await heading(page, 'Sign in').waitFor()
  expect(await page.getByText('expired').count()).toBe(0)
})

test('what the contract refuses is shown by its field before anything is sent', async () => {
  const { page } = await openDashboard('/sign-up')
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  await page.getByLabel('E-mail').fill('not an address')
  await passwordField(page).fill('short')

  await page.getByRole('button', { name: 'Create account' }).click()

  expect(await messageOf(page, 'Name')).toContain('Enter your name.')
  expect(await messageOf(page, 'E-mail')).toContain('Enter an e-mail address such as name@example.com.')
  expect(await messageOf(page, 'Password')).toContain('A password has at least 8 characters.')
  expect(await focusedName(page)).toBe('Name')
  expect(requests.filter((url) => url.includes('/auth/'))).toEqual([])
})

test('what only the server refuses is shown by its field too', async () => {
  const { page } = await openDashboard('/sign-up')
  await page.route('**/api/auth/register', (route) =>
    route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), email: 'no address', name: ' ' }) }),
  )
  await page.getByLabel('Name').fill('Ada Analyst')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await passwordField(page).fill(PASSWORD)

  await page.getByRole('button', { name: 'Create account' }).click()

  await page.getByText('Enter your name.').waitFor()
  expect(await messageOf(page, 'Name')).toContain('Enter your name.')
  expect(await messageOf(page, 'E-mail')).toContain('Enter an e-mail address such as name@example.com.')
  expect(await focusedName(page)).toBe('Name')
})

test('a taken e-mail address is told at the e-mail field', async () => {
  const { server, page } = await openDashboard('/sign-up')
  const { account } = await server.signUp()
  await page.getByLabel('Name').fill('Somebody Else')
  await page.getByLabel('E-mail').fill(account.email.toUpperCase())
  await passwordField(page).fill(PASSWORD)

  await page.getByRole('button', { name: 'Create account' }).click()

  await expect.poll(() => page.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true')
  expect(await messageOf(page, 'E-mail')).toMatch(/account|taken|use/)
  expect(await focusedName(page)).toBe('E-mail')
})

test('signing out ends the session for everybody who has its token', async () => {
  const { server, page } = await openSignedIn()
  const script = server.client.withToken(await tokenIn(page))
  expect((await script.get('/api/auth/verify')).status).toBe(200)

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()

  await heading(page, 'Sign in').waitFor()
  expect((await script.get('/api/auth/verify')).status).toBe(401)
  expect(await hasSession(page)).toBe(false)
  expect(await page.getByText('expired').count()).toBe(0)
})

test('after signing out, the next person starts at home and not where the last one was', async () => {
  const { server, page } = await openSignedIn()
  const { account } = await server.signUp('Bob Broker')
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await heading(page, 'Profile').waitFor()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()

  await signIn(page, account.email, account.password)

  await heading(page, 'Overview').waitFor()
  expect(await page.getByRole('banner').innerText()).toContain('Bob Broker')
  expect(await page.getByRole('main').innerText()).not.toContain('ada@example.com')
})

test('signing out works without the server, and says what the server could not be told', async () => {
  const { page } = await openSignedIn()
  await page.route('**/api/**', (route) => route.abort('connectionrefused'))

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()

  await page.getByText('You are signed out here, but the server could not be told').waitFor()
  expect(await hasSession(page)).toBe(false)
})
