import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { appCode } from '../support/totp'
import { faultsOfEvery } from './audit'
import { focusedName, heading, PASSWORD, passwordField, signUp, withBrowser } from './dashboard'

const { openDashboard, openSignedIn } = withBrowser()

/** Every page, in its plain state and with something to complain about. */
async function* everyState(page: Page): AsyncGenerator<string> {
  await heading(page, 'Sign in').waitFor()
  yield 'sign-in'
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Enter an e-mail address.').waitFor()
  yield 'sign-in with field errors'
  await page.getByLabel('E-mail').fill('nobody@example.com')
  await passwordField(page).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Wrong e-mail or password.').waitFor()
  yield 'sign-in refused'
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText('Enter your name.').waitFor()
  yield 'sign-up with field errors'
  await passwordField(page).fill('wintertime')
  await page.getByText('Easy to guess.').waitFor()
  yield 'sign-up with a weak password'
  await page.goto('/forgot-password')
  await page.getByText('This server sends no mail.').waitFor()
  yield 'forgotten password'
  await page.goto(`/reset-password#${'A'.repeat(43)}`)
  await page.getByText('This link has expired').waitFor()
  yield 'new password with an old link'
  await page.goto('/reset-password')
  await page.getByRole('textbox', { name: 'Link' }).waitFor()
  yield 'new password without a link'
  await signUp(page, `a.rather.long.address.for.a.narrow.window@department.example.com`)
  await page.getByText('Healthy').waitFor()
  await page.getByText('Nothing is recorded yet.').waitFor()
  yield 'home'
  await page.getByRole('tab', { name: 'Python' }).click()
  yield 'home with the Python lines'
  await page.getByRole('link', { name: 'API keys' }).click()
  await page.getByText('You have no API keys.').waitFor()
  yield 'no API keys'
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByLabel('Expires after').selectOption('Never')
  await page.getByRole('checkbox', { name: /record strategies/ }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()
  await page.getByText('Give the key a name.').waitFor()
  yield 'creating an API key with field errors'
  await page.getByLabel('Name').fill('a script')
  await page.getByRole('checkbox', { name: /never expires/ }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()
  await page.getByText('Copy it now.').waitFor()
  yield 'a new API key'
  await page.getByRole('button', { name: 'Rotate a script' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click()
  await page.getByRole('timer').waitFor()
  yield 'an API key in its grace'
  await signInBeside(page)
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByRole('cell', { name: 'Sign out', exact: false }).first().waitFor()
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Enter your password.').waitFor()
  yield 'profile with field errors'
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByRole('dialog').waitFor()
  yield 'profile with a question'
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByText('One other session has ended.').waitFor()
  yield 'profile after signing out elsewhere'
  await page.getByRole('button', { name: 'Change name' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Enter your name.').waitFor()
  yield 'changing the name'
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Delete my account' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete my account' }).click()
  await page.getByRole('dialog').getByText('Enter your password.').waitFor()
  yield 'deleting the account'
  await page.keyboard.press('Escape')
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByLabel('New password').fill('five words in a row')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Your password is changed.').waitFor()
  yield 'profile after a change'
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  yield 'profile with the key of an authenticator app'
  const secret = (await page.locator('ol code').innerText()).replaceAll(' ', '')
  await page.getByLabel('Code', { exact: true }).fill(appCode(secret, Date.now()))
  await page.getByRole('button', { name: 'Confirm' }).click()
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  const recoveryCode = await codes.first().innerText()
  yield 'profile with recovery codes'
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 of 10 left').waitFor()
  yield 'profile with a second factor'
  const email = await page.getByRole('banner').getByText('@').innerText()
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('E-mail').fill(email)
  await passwordField(page).fill('five words in a row')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await heading(page, 'Enter your code').waitFor()
  yield 'second step'
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Enter a code.').waitFor()
  yield 'second step with a field error'
  await page.getByLabel('Recovery code', { exact: true }).fill(recoveryCode)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('banner').getByText('@').waitFor()
  await page.goto('/no/such/page')
  await heading(page, 'Page not found').waitFor()
  yield 'page not found'
  await page.route('**/api/**', (route) => route.abort('connectionrefused'))
  await page.goto('/')
  await page.getByText('The server cannot be reached.').waitFor()
  yield 'server away'
  await page.unroute('**/api/**')
  await heading(page, 'Overview').waitFor()
}

test('every page in every state is accessible in both themes, and needs no sideways scrolling at any width', async () => {
  const { page } = await openDashboard()

  expect(await faultsOfEvery(page, everyState(page))).toEqual([])
})

test('the keyboard alone signs up, moves about, changes the password and signs out', async () => {
  const { page } = await openDashboard()
  const { keyboard } = page
  await heading(page, 'Sign in').waitFor()

  await tabTo(page, 'Create an account')
  await keyboard.press('Enter')
  await heading(page, 'Create your account').waitFor()
  await keyboard.type('Ada Analyst')
  await keyboard.press('Tab')
  await keyboard.type('ada@example.com')
  await keyboard.press('Tab')
  await keyboard.type(PASSWORD)
  await tabTo(page, 'Show password')
  await keyboard.press('Space')
  expect(await passwordField(page).getAttribute('type')).toBe('text')
  await tabTo(page, 'Create account')
  await keyboard.press('Enter')

  await heading(page, 'Overview').waitFor()
  expect(await focusedName(page)).toBe('Overview')
  await tabTo(page, 'aurelius.py')
  await keyboard.press('ArrowLeft')
  await page.getByText('from getpass import getpass').waitFor()

  await tabTo(page, 'Profile')
  await keyboard.press('Enter')
  await heading(page, 'Profile').waitFor()
  expect(await focusedName(page)).toBe('Profile')
  expect(await page.title()).toBe('Profile · Aurelius')
  await tabTo(page, 'Current password')
  await keyboard.type(PASSWORD)
  await tabTo(page, 'New password')
  await keyboard.type('five words in a row')
  await keyboard.press('Enter')
  await page.getByText('Your password is changed.').waitFor()

  await tabTo(page, 'Sign out')
  await keyboard.press('Enter')
  await heading(page, 'Sign in').waitFor()
})

test('the first stop of the keyboard skips the header', async () => {
  const { page } = await openSignedIn()
  await page.reload()
  await heading(page, 'Overview').waitFor()

  await page.keyboard.press('Tab')
  expect(await focusedName(page)).toBe('Skip to content')
  await page.keyboard.press('Enter')

  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN')
  await page.keyboard.press('Tab')
  expect(await focusedName(page)).toBe('New strategy')
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
})

test('wherever the keyboard stops, the stop can be seen', async () => {
  const { page } = await openSignedIn()
  const unseen: string[] = []
  const isFocusVisible = () =>
    page.evaluate(() => {
      const stop = document.activeElement
      const marked = stop instanceof HTMLInputElement && stop.type === 'radio' ? stop.nextElementSibling : stop
      return marked === null || stop === document.body || getComputedStyle(marked).outlineStyle !== 'none'
    })

  for (let stop = 0; stop < 20; stop++) {
    await page.keyboard.press('Tab')
    if (!(await isFocusVisible())) unseen.push(await focusedName(page))
  }

  expect(unseen).toEqual([])
})

test('the theme follows the system until one is chosen, and the choice is remembered', async () => {
  const { page } = await openDashboard('/', {}, { colorScheme: 'light' })
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await heading(page, 'Sign in').waitFor()
  const light = await ground()

  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(ground).not.toBe(light)
  const dark = await ground()
  await page.getByText('Light theme').check({ force: true })
  await expect.poll(ground).toBe(light)
  await page.reload()
  expect(await ground()).toBe(light)
  await page.getByText('Theme of the system').check({ force: true })

  await expect.poll(ground).toBe(dark)
  const kept = await page.evaluate(() => Object.keys(localStorage))
  expect(kept.sort()).toEqual(['aurelius-color-scheme', 'aurelius-has-session'])
})

test.each([
  ['reduce', 0],
  ['no-preference', 3],
] as const)('with motion set to "%s", %i things move while a page waits', async (reducedMotion, moving) => {
  const { page } = await openSignedIn('/', {}, { reducedMotion })
  await page.route('**/api/**', () => undefined)

  await page.reload()
  await page.getByRole('heading', { name: 'Restoring your session' }).waitFor()

  expect(await page.evaluate(() => document.getAnimations().length)).toBe(moving)
  await page.unrouteAll()
})

/** A second session of the same account, as a script would open it. */
async function signInBeside(page: Page): Promise<void> {
  const email = await page.getByRole('banner').getByText('@').innerText()
  await page.request.post('/api/auth/login', { data: { email, password: PASSWORD } })
}

/** Presses Tab until the named stop has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stop = 0; stop < 40; stop++) {
    if ((await focusedName(page)) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The keyboard never reached "${name}".`)
}
