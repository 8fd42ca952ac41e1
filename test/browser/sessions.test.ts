import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { focusedName, hasSession, heading, PASSWORD, tokenIn, withBrowser } from './dashboard'

const { openSignedIn } = withBrowser()
const EVERYWHERE_ELSE = { name: 'Sign out everywhere else' }

/** The profile of somebody who is also signed in with so many scripts. */
async function openSessions(scripts: number, width = 1280, now = Date.now) {
  const { server, page, email } = await openSignedIn('/', { now }, { viewport: { width, height: 900 } })
  const signInScript = () => server.client.login({ email, password: PASSWORD, name: '' })
  const elsewhere = await Promise.all(Array.from({ length: scripts }, signInScript))
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await sessionRow(page, /This session/).waitFor()
  return { server, page, email, elsewhere }
}

function sessionRow(page: Page, name: RegExp) {
  return page.getByRole('table', { name: 'Sessions' }).getByRole('row', { name })
}

test.each([1280, 360])('the profile lists where somebody is signed in, also at %i pixels', async (width) => {
  const { server, page } = await openSessions(1, width)
  const { body } = await server.client.withToken(await tokenIn(page)).get('/api/auth/sessions')

  for (const session of body.sessions) {
    const row = sessionRow(page, session.is_current ? /This session/ : /Node\.js/)
    const instants = await row
      .locator('time')
      .evaluateAll((times) => times.map((time) => time.getAttribute('datetime')))
    expect(await row.innerText()).toContain(session.device)
    expect(await row.innerText()).toContain(session.address)
    expect(instants).toEqual([session.created_at, session.last_seen_at, session.expires_at])
  }
  expect(body.sessions).toHaveLength(2)
  expect(await page.getByText('You are signed in nowhere else.').count()).toBe(0)
})

test('somebody who is signed in once is told so, and has nobody else to sign out', async () => {
  const { page } = await openSessions(0)

  await page.getByText('You are signed in nowhere else.').waitFor()

  expect(await page.getByRole('button', EVERYWHERE_ELSE).count()).toBe(0)
})

test('another session is signed out from here, and the list says so', async () => {
  const { page, elsewhere } = await openSessions(1)

  await page.getByRole('button', { name: 'Sign out Node.js' }).click()

  await page.getByRole('status').getByText('Node.js is signed out.').waitFor()
  await sessionRow(page, /Node\.js/).waitFor({ state: 'detached' })
  expect((await elsewhere[0]?.get('/api/auth/verify'))?.status).toBe(401)
  expect(await page.evaluate(() => document.activeElement?.closest('section') !== null)).toBe(true)
})

test('signing out of this session in the list is signing out', async () => {
  const { page } = await openSessions(0)

  await page.getByRole('button', { name: 'Sign out this session' }).click()

  await heading(page, 'Sign in').waitFor()
  expect(await hasSession(page)).toBe(false)
  expect(await page.getByText('expired').count()).toBe(0)
})

test('signing out everywhere else is asked about first, by keyboard as well', async () => {
  const { page, elsewhere } = await openSessions(2)
  const button = page.getByRole('button', EVERYWHERE_ELSE)
  const question = page.getByRole('dialog', { name: 'Sign out everywhere else?' })

  await button.press('Enter')
  await question.waitFor()
  expect(await focusedName(page)).toBe('Cancel')
  await page.keyboard.press('Escape')
  await question.waitFor({ state: 'hidden' })
  expect(await focusedName(page)).toBe('Sign out everywhere else')
  expect((await elsewhere[0]?.get('/api/auth/verify'))?.status).toBe(200)
  await button.press('Enter')
  await question.getByRole('button', EVERYWHERE_ELSE).press('Enter')

  await page.getByRole('status').getByText('2 other sessions have ended.').waitFor()
  await page.getByText('You are signed in nowhere else.').waitFor()
  for (const script of elsewhere) expect((await script.get('/api/auth/verify')).status).toBe(401)
  expect(await sessionRow(page, /This session/).count()).toBe(1)
})

test('ending sessions asks who is there when the last proof is old, and goes on by itself', async () => {
  const clock = { ahead: 0 }
  const { page, elsewhere } = await openSessions(2, 1280, () => Date.now() + clock.ahead)
  const alive = async () => {
    const replies = await Promise.all(elsewhere.map((script) => script.get('/api/auth/verify')))
    return replies.filter(({ status }) => status === 200).length
  }
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' })
  const question = page.getByRole('dialog', { name: 'Sign out everywhere else?' })
  const prove = async () => {
    await proof.getByLabel('Your password').fill(PASSWORD)
    await page.keyboard.press('Enter')
  }

  clock.ahead += 300_000
  await page.getByRole('button', { name: 'Sign out Node.js' }).first().click()
  await proof.waitFor()
  expect(await alive()).toBe(2)
  await prove()
  await page.getByRole('status').getByText('Node.js is signed out.').waitFor()
  expect(await alive()).toBe(1)

  clock.ahead += 300_000
  await page.getByRole('button', EVERYWHERE_ELSE).click()
  await question.getByRole('button', EVERYWHERE_ELSE).click()
  await proof.waitFor()
  expect(await alive()).toBe(1)
  await prove()
  await page.getByRole('status').getByText('One other session has ended.').waitFor()
  expect(await alive()).toBe(0)
})

test('a session that is gone already is no trouble', async () => {
  const { page, elsewhere } = await openSessions(1)
  // The list follows what happens, so the session has to end while it is being ended from here.
  await page.route('**/api/auth/sessions/*', async (route) => {
    await elsewhere[0]?.post('/api/auth/logout')
    await route.continue()
  })

  await page.getByRole('button', { name: 'Sign out Node.js' }).click()

  await page.getByRole('status').getByText('Node.js is signed out.').waitFor()
  await sessionRow(page, /Node\.js/).waitFor({ state: 'detached' })
})

test('a list that cannot be had is told in the words of the server, and can be asked for again', async () => {
  const { page } = await openSignedIn()
  const detail = 'The database does not answer: try again in a moment.'
  const problem = { type: 'about:blank', title: '', status: 503, detail, code: 'database_unavailable' }
  const answers: (() => Promise<void>)[] = []
  await page.route('**/api/auth/sessions', (route) => {
    answers.push(() => route.fulfill({ status: 503, json: problem }))
  })
  await page.goto('/profile')
  await page.getByRole('status').getByText('Loading your sessions').waitFor({ state: 'attached' })
  await expect.poll(() => answers.length).toBe(1)
  await answers[0]?.()

  await page.getByRole('alert').getByText(detail).waitFor()
  await page.unroute('**/api/auth/sessions')
  await page.getByRole('button', { name: 'Try again' }).click()

  await sessionRow(page, /This session/).waitFor()
})

test('an action that fails says so and leaves the list as it is', async () => {
  const { page } = await openSessions(1)
  const detail = 'The database does not answer: try again in a moment.'
  const problem = { type: 'about:blank', title: '', status: 503, detail, code: 'database_unavailable' }
  await page.route('**/api/auth/sessions/*', (route) => route.fulfill({ status: 503, json: problem }))

  await page.getByRole('button', { name: 'Sign out Node.js' }).click()

  await page.getByRole('alert').getByText(detail).waitFor()
  expect(await sessionRow(page, /Node\.js/).count()).toBe(1)
})

test('changing the password empties the list of the others at once', async () => {
  const { page } = await openSessions(1)
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByLabel('New password').fill('five words in a row')

  await page.getByRole('button', { name: 'Change password' }).click()

  await page.getByText('You are signed in nowhere else.').waitFor()
})
