import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Role } from '../../contracts/scopes'
import { openBeside } from '../support/beside'
import type { TestServer } from '../support/start-test-server'
import { focusedName, heading, messageOf, PASSWORD, passwordField, signIn, withBrowser } from './dashboard'

const { openDashboard, openPage } = withBrowser()

interface Person {
  name: string
  role?: Role
}

/** An administrator at the page of people, with others who have accounts. */
async function openPeople(people: Person[] = [{ name: 'Ada' }, { name: 'Bob', role: 'reviewer' }], width = 1280) {
  const { server, page } = await openDashboard('/', { isFirstRun: true }, { viewport: { width, height: 900 } })
  const admin = await server.setUp('Grace')
  const beside = await openBeside(server)
  for (const person of people) await beside.users.create({ ...person, email: emailOf(person.name), password: PASSWORD })
  await page.goto('/sign-in')
  await signIn(page, admin.account.email, admin.account.password)
  await heading(page, 'Overview').waitFor()
  await page.getByRole('link', { name: 'Administration' }).click()
  await heading(page, 'People').waitFor()
  await rowOf(page, 'Grace').waitFor()
  return { server, page, admin, beside }
}

const emailOf = (name: string) => `${name.toLowerCase().replaceAll(' ', '.')}@example.com`
const rowOf = (page: Page, name: string) => page.getByRole('table', { name: 'Accounts' }).getByRole('row', { name })
const namesIn = (page: Page) => page.getByRole('table', { name: 'Accounts' }).getByRole('rowheader').allInnerTexts()
const drawerOf = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true })

async function open(page: Page, name: string) {
  await page.getByRole('button', { name, exact: true }).click()
  await drawerOf(page, name).getByRole('heading', { name: 'Sessions' }).waitFor()
  return drawerOf(page, name)
}
const signInAs = (server: TestServer, name: string) =>
  server.client.login({ email: emailOf(name), password: PASSWORD, name: '' })

test('who is no administrator finds neither the link nor the pages', async () => {
  const { server, page } = await openDashboard()
  const ada = await server.signUp('Ada')
  await signIn(page, ada.account.email, ada.account.password)
  await heading(page, 'Overview').waitFor()
  await page.getByText('Analyst').waitFor()

  expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0)
  for (const path of ['/admin', '/admin/invitations', '/admin/roles']) {
    await page.goto(path)
    await heading(page, 'Page not found').waitFor()
  }
})

test.each([1280, 360])('accounts are searched, filtered and sorted, also at %i pixels', async (width) => {
  const { page } = await openPeople(undefined, width)
  expect(await namesIn(page)).toEqual(['Ada', 'Bob', 'Grace'])

  await page.getByLabel('Search').fill('  B')
  await expect.poll(() => namesIn(page)).toEqual(['Bob'])
  expect(await focusedName(page)).toBe('Search')
  await page.getByLabel('Search').fill('')
  await page.getByLabel('Role').selectOption('Administrator')
  await expect.poll(() => namesIn(page)).toEqual(['Grace'])
  await page.getByLabel('Status').selectOption('Not active')
  await page.getByText('Nobody matches.').waitFor()
  await page.getByLabel('Status').selectOption('Any status')
  await page.getByLabel('Role').selectOption('All roles')
  await expect.poll(() => namesIn(page)).toEqual(['Ada', 'Bob', 'Grace'])

  if (width < 860) return
  await page.getByRole('button', { name: 'Name' }).click()
  await expect.poll(() => namesIn(page)).toEqual(['Grace', 'Bob', 'Ada'])
  expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('descending')
  await page.reload()
  await rowOf(page, 'Grace').waitFor()
  expect(await namesIn(page)).toEqual(['Grace', 'Bob', 'Ada'])
})

test('a long list has pages, there and back', async () => {
  const people = Array.from({ length: 30 }, (_, index) => ({ name: `P${String(index).padStart(2, '0')}` }))
  const { page } = await openPeople(people)
  const names = ['Grace', ...people.map(({ name }) => name)]
  await page.getByText('1–25 of 31 accounts').waitFor()
  expect(await namesIn(page)).toEqual(names.slice(0, 25))

  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText('26–31 of 31 accounts').waitFor()
  expect(await namesIn(page)).toEqual(names.slice(25))
  expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Previous' }).click()

  await page.getByText('1–25 of 31 accounts').waitFor()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByLabel('Search').fill('P0')
  await page.getByText('1–10 of 10 accounts').waitFor()
})

test('a role is given at the side, and counts at once', async () => {
  const { server, page } = await openPeople()
  const ada = await signInAs(server, 'Ada')
  const drawer = await open(page, 'Ada')
  expect(await focusedName(page)).toBe('Ada')
  expect(await drawer.getByRole('radio', { name: /^Analyst/ }).isChecked()).toBe(true)
  expect(await drawer.getByRole('button', { name: 'Save role' }).isDisabled()).toBe(true)

  await drawer.getByRole('radio', { name: /^Reviewer/ }).check()
  await drawer.getByRole('button', { name: 'Save role' }).click()

  await drawer.getByText('Ada has the role Reviewer now.').waitFor()
  expect((await ada.get('/api/auth/verify')).status).toBe(401)
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  expect(await focusedName(page)).toBe('Ada')
  await rowOf(page, 'Reviewer').filter({ hasText: 'Ada' }).waitFor()
})

test('to make an administrator is asked about first', async () => {
  const { page, beside } = await openPeople()
  const drawer = await open(page, 'Ada')
  const roleOfAda = async () => (await beside.users.findByEmail(emailOf('Ada')))?.is_admin
  const question = page.getByRole('dialog', { name: 'Make Ada an administrator?' })

  await drawer.getByRole('radio', { name: /^Administrator/ }).check()
  await drawer.getByRole('button', { name: 'Save role' }).click()
  await question.getByRole('button', { name: 'Cancel' }).click()
  expect(await roleOfAda()).toBe(false)
  await drawer.getByRole('button', { name: 'Save role' }).click()
  await question.getByRole('button', { name: 'Make administrator' }).click()

  await drawer.getByText('Ada has the role Administrator now.').waitFor()
  expect(await roleOfAda()).toBe(true)
})

test('the only administrator cannot leave; with another there, who leaves loses the pages at once', async () => {
  const { page, beside } = await openPeople()
  const drawer = await open(page, 'Grace')
  const leave = async () => {
    await drawer.getByRole('radio', { name: /^Viewer/ }).check()
    await drawer.getByRole('button', { name: 'Save role' }).click()
    await page
      .getByRole('dialog', { name: 'Give up your own rights?' })
      .getByRole('button', { name: 'Give up' })
      .click()
  }

  await leave()
  await drawer.getByRole('alert').getByText('This is the only administrator').waitFor()
  const ada = await beside.users.findByEmail(emailOf('Ada'))
  await beside.users.update(ada?.id ?? '', { role: 'admin' })
  await leave()

  await heading(page, 'Page not found').waitFor()
  await expect.poll(() => page.getByRole('link', { name: 'Administration' }).count()).toBe(0)
})

test('an account is deactivated after a question, and activated again', async () => {
  const { server, page } = await openPeople()
  const drawer = await open(page, 'Ada')
  const ada = await signInAs(server, 'Ada')

  await drawer.getByRole('button', { name: 'Deactivate account' }).click()
  await page
    .getByRole('dialog', { name: 'Deactivate Ada?' })
    .getByRole('button', { name: 'Deactivate account' })
    .click()
  await drawer.getByText('The account cannot be used any more.').waitFor()
  expect((await ada.get('/api/auth/verify')).status).toBe(401)
  await drawer.getByRole('button', { name: 'Activate account' }).click()

  await drawer.getByText('The account can be used again.').waitFor()
  await signInAs(server, 'Ada')
})

test('sessions of somebody are ended at the side, one and all', async () => {
  const { server, page } = await openPeople()
  const sessions = [await signInAs(server, 'Ada'), await signInAs(server, 'Ada'), await signInAs(server, 'Ada')]
  const living = async () => {
    const replies = await Promise.all(sessions.map((session) => session.get('/api/auth/verify')))
    return replies.filter(({ status }) => status === 200).length
  }
  const drawer = await open(page, 'Ada')
  const buttons = drawer.getByRole('button', { name: 'End Node.js' })
  await expect.poll(() => buttons.count()).toBe(3)

  await buttons.first().click()
  await drawer.getByText('The session has ended.').waitFor()
  await expect.poll(() => buttons.count()).toBe(2)
  expect(await living()).toBe(2)
  await drawer.getByRole('button', { name: 'End all sessions' }).click()
  await page
    .getByRole('dialog', { name: /everywhere/ })
    .getByRole('button', { name: 'End all sessions' })
    .click()

  await drawer.getByText('2 sessions have ended.').waitFor()
  await drawer.getByText('Ada is signed in nowhere.').waitFor()
  expect(await living()).toBe(0)
})

test('what failed attempts have locked is shown and opened', async () => {
  const { server, page } = await openPeople()
  const ada = { email: emailOf('Ada'), password: PASSWORD }
  for (let failure = 0; failure < 12; failure += 1)
    await server.client.post('/api/auth/login', { ...ada, password: 'not the right one' })
  const drawer = await open(page, 'Ada')
  await drawer.getByText('10 times from one address').waitFor()

  await drawer.getByRole('button', { name: 'Forget failed attempts' }).click()

  await drawer.getByText('Failed attempts on this account are forgotten.').waitFor()
  await drawer.getByText('Nothing is locked.').waitFor()
  expect((await server.client.post('/api/auth/login', ada)).status).toBe(200)
})

test('a link that is created is shown once, works, and can be taken back', async () => {
  const { server, page } = await openPeople([])
  await page.getByRole('link', { name: 'Invitations' }).click()
  await page.getByText('Nobody is invited yet.').waitFor()
  await page.getByLabel('E-mail').fill('not an address')
  await page.getByRole('button', { name: 'Create link' }).click()
  expect(await messageOf(page, 'E-mail, if only one address may use it')).toContain('Enter an e-mail address such as')

  await page.getByLabel('E-mail').fill('eve@example.com')
  await page.getByLabel('Role').selectOption('Reviewer')
  await page.getByLabel('Valid for').selectOption('One day')
  await page.getByRole('button', { name: 'Create link' }).click()
  await page.getByText('Give this link to eve@example.com.').waitFor()
  const link = await page.locator('code').innerText()
  await page.getByRole('row', { name: /eve@example.com Reviewer Open Grace/ }).waitFor()
  await page.reload()
  await page.getByRole('row', { name: /eve@example.com/ }).waitFor()
  expect(await page.content()).not.toContain(link.split('#')[1])

  const guest = await openPage(server.origin)
  await guest.goto(link)
  await guest.getByText('You are invited as a reviewer.').waitFor()
  await page.getByRole('button', { name: 'Revoke the invitation of eve@example.com' }).click()
  await page.getByText('The invitation does not count any more.').waitFor()
  await page.getByRole('row', { name: /eve@example.com Reviewer Revoked/ }).waitFor()
  await guest.getByLabel('Name').fill('Eve')
  await passwordField(guest).fill(PASSWORD)
  await guest.getByRole('button', { name: 'Create account' }).click()

  await guest.getByRole('alert').getByText('This invitation does not count any more').waitFor()
})

test('the table of roles says what each may do', async () => {
  const { page } = await openPeople([])
  await page.getByRole('link', { name: 'Roles' }).click()
  await heading(page, 'Roles').waitFor()

  expect(
    await page
      .getByRole('row', { name: /ledger:write/ })
      .getByRole('cell')
      .allInnerTexts(),
  ).toEqual([
    'record strategies, backtests and validations',
    expect.stringContaining('No'),
    ...['Yes', 'Yes', 'Yes', 'Yes'],
  ])
})

test('a list that cannot be had is told in the words of the server, and can be asked for again', async () => {
  const { page } = await openPeople()
  const detail = 'The database does not answer: try again in a moment.'
  const problem = { type: 'about:blank', title: '', status: 503, detail, code: 'database_unavailable' }
  await page.route('**/api/admin/users?*', (route) => route.fulfill({ status: 503, json: problem }))
  await page.goto('/admin')
  await page.getByRole('alert').getByText(detail).waitFor()
  await page.unroute('**/api/admin/users?*')

  await page.getByRole('button', { name: 'Try again' }).click()

  await rowOf(page, 'Grace').waitFor()
})
