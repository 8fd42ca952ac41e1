import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBeside } from '../support/beside'
import { focusedName, heading, messageOf, PASSWORD, passwordField, signIn, tokenIn, withBrowser } from './dashboard'

const { openDashboard, openPage } = withBrowser()

async function fillIn(page: Page, email = 'ada@example.com') {
  await page.getByLabel('Name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill(email)
  await passwordField(page).fill(PASSWORD)
}
const create = (page: Page) => page.getByRole('button', { name: 'Create administrator' }).click()
const titleOf = (page: Page) => page.getByRole('heading', { level: 1 }).innerText()

test('on a fresh database the dashboard offers to make the administrator, by the code that was shown', async () => {
  const { server, page } = await openDashboard('/', { isFirstRun: true })
  await heading(page, 'Set up Aurelius').waitFor()
  expect(await focusedName(page)).toBe('Setup code')
  await page.getByLabel('Setup code').fill((server.setupCode ?? '').toLowerCase().replaceAll('-', ' '))
  await fillIn(page)

  await create(page)

  await heading(page, 'Overview').waitFor()
  const { body } = await server.client.withToken(await tokenIn(page)).get('/api/auth/me/permissions')
  expect(body.role).toBe('admin')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await heading(page, 'Sign in').waitFor()
  await signIn(page, 'ada@example.com')
  await heading(page, 'Overview').waitFor()
})

test('the link that was shown holds the code, so nobody has to type it', async () => {
  const { server, page } = await openDashboard('/sign-in', { isFirstRun: true })
  await page.goto(`/first-run#${server.setupCode}`)
  await heading(page, 'Set up Aurelius').waitFor()
  expect(await page.getByLabel('Setup code').count()).toBe(0)
  await fillIn(page)

  await create(page)

  await heading(page, 'Overview').waitFor()
  expect(page.url()).not.toContain(server.setupCode ?? '')
})

test('a code that is wrong is said at its field, also where a link held it', async () => {
  const { server, page } = await openDashboard('/first-run#0000-0000-0000-0000', { isFirstRun: true })
  await heading(page, 'Set up Aurelius').waitFor()
  await fillIn(page)
  await create(page)

  await page.getByText('The setup code is not right').waitFor()
  expect(await messageOf(page, 'Setup code')).toContain('The setup code is not right')
  expect((await (await openBeside(server)).users.listAll()).total).toBe(0)
  await page.getByLabel('Setup code').fill(server.setupCode ?? '')
  await create(page)

  await heading(page, 'Overview').waitFor()
})

test('what is missing is said by its field before anything is sent', async () => {
  const { page } = await openDashboard('/', { isFirstRun: true })
  await heading(page, 'Set up Aurelius').waitFor()
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.method()))

  await create(page)

  expect(await messageOf(page, 'Setup code')).toContain('Enter the setup code.')
  expect(await messageOf(page, 'Name')).toContain('Enter your name.')
  expect(requests.filter((method) => method === 'POST')).toEqual([])
})

test('whoever comes second is told that it is done', async () => {
  const { server, page } = await openDashboard(`/`, { isFirstRun: true })
  await heading(page, 'Set up Aurelius').waitFor()
  const code = server.setupCode ?? ''
  await server.setUp()
  await page.getByLabel('Setup code').fill(code)
  await fillIn(page)

  await create(page)

  await page.getByRole('alert').getByText('This Aurelius has accounts already: sign in').waitFor()
  await page.reload()
  await heading(page, 'Sign in').waitFor()
})

test('an account without those rights can be made instead, where registration is open', async () => {
  const { server, page } = await openDashboard('/', { isFirstRun: true })
  await page.getByRole('link', { name: 'Create an account without those rights' }).click()
  await fillIn(page)
  await page.getByRole('button', { name: 'Create account' }).click()
  await heading(page, 'Overview').waitFor()

  const { body } = await server.client.withToken(await tokenIn(page)).get('/api/auth/me/permissions')
  expect(body.role).toBe('analyst')
})

test('with accounts there, the page for the first one leads to sign-in', async () => {
  const { page } = await openDashboard('/first-run')

  await heading(page, 'Sign in').waitFor()
})

test('in the desktop window the code is known without a link', async () => {
  const { server } = await openDashboard('/', { isFirstRun: true })
  const page = await openPage(server.origin)
  await page.addInitScript((setupCode) => {
    const status = { state: 'ready', origin: location.origin, setupCode }
    Object.assign(window, { aurelius: { onServerStatus: (listen: (status: object) => void) => listen(status) } })
  }, server.setupCode)
  await page.goto('/')
  await heading(page, 'Set up Aurelius').waitFor()
  expect(await page.getByLabel('Setup code').count()).toBe(0)
  await fillIn(page)

  await create(page)

  await heading(page, 'Overview').waitFor()
})

test.each([
  ['invitation', 'Create an account', 1],
  ['closed', 'Create an account', 0],
] as const)('where registration is %s the sign-in page says so', async (registration, link, count) => {
  const { page } = await openDashboard('/', { config: { registration } })
  await heading(page, 'Sign in').waitFor()

  expect(await page.getByRole('link', { name: link }).count()).toBe(count)
})

test('where registration is closed the page for it says so and has no form', async () => {
  const { page } = await openDashboard('/sign-up', { config: { registration: 'closed' } })

  await page.getByText('This server takes no new accounts.').waitFor()

  expect(await page.getByRole('form').count()).toBe(0)
  expect(await titleOf(page)).toBe('Create your account')
})

test('an invitation is pasted or opened, says its role, and keeps its address', async () => {
  const { server, page } = await openDashboard('/', { config: { registration: 'invitation' }, isFirstRun: true })
  const admin = await server.setUp()
  const invitation = { role: 'reviewer', email: 'ada@example.com' }
  const { token } = (await admin.post('/api/admin/invitations', invitation)).body
  await page.goto('/sign-up')
  await page.getByLabel('Invitation link').fill('not a link')
  await page.getByRole('button', { name: 'Continue' }).click()
  expect(await messageOf(page, 'Invitation link')).toContain('Paste the whole link')

  await page.getByLabel('Invitation link').fill(`http://127.0.0.1:1/sign-up#${token}`)
  await page.getByRole('button', { name: 'Continue' }).click()

  await page.getByText('You are invited as a reviewer.').waitFor()
  expect(await page.getByLabel('E-mail').inputValue()).toBe('ada@example.com')
  expect(await page.getByLabel('E-mail').getAttribute('readonly')).not.toBeNull()
  await page.getByLabel('Name').fill('Ada Lovelace')
  await passwordField(page).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await heading(page, 'Overview').waitFor()
  const { body } = await server.client.withToken(await tokenIn(page)).get('/api/auth/me/permissions')
  expect(body.role).toBe('reviewer')
})

test('an invitation that does not count is said so; where registration is open nothing else is lost', async () => {
  const { page } = await openDashboard(`/sign-up#${'a'.repeat(43)}`)

  await page.getByRole('alert').getByText('This invitation does not count any more').waitFor()

  await page.getByLabel('Name').waitFor()
  expect(await page.getByText('You are invited').count()).toBe(0)
})
