import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { heading, messageOf, signIn, signUp, startDashboardServer, withBrowser } from './dashboard'

const { openPage } = withBrowser()

/** Chromium's own authenticator without hardware, whose owner always agrees. */
async function addAuthenticator(page: Page, isUserVerified = true) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  })
  return {
    refuse: () => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
    count: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
  }
}

/** Signed in at a name, where browsers use passkeys, with an authenticator and one passkey on it. */
async function withPasskey() {
  const server = await startDashboardServer()
  const page = await openPage(server.origin.replace('127.0.0.1', 'localhost'))
  const authenticator = await addAuthenticator(page)
  await page.goto('/')
  const email = await signUp(page)
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByLabel('Name of a new passkey').fill('Test laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await codes.first().waitFor()
  const recoveryCode = await codes.first().innerText()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('list', { name: 'Your passkeys' }).getByText('Test laptop').waitFor()
  return { server, page, email, authenticator, recoveryCode }
}

const signOut = (page: Page) => page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()

test('a passkey is added, and signs in without a password', async () => {
  const { page, authenticator } = await withPasskey()
  expect(await authenticator.count()).toBe(1)
  await signOut(page)

  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()

  await page.getByRole('banner').getByText('Ada Analyst').waitFor()
})

test('a passkey finishes a sign-in that began with the password', async () => {
  const { page, email } = await withPasskey()
  await signOut(page)
  await signIn(page, email)

  await heading(page, 'Use your passkey').waitFor()
  await page.getByRole('button', { name: 'Continue with your passkey' }).click()

  await page.getByRole('banner').getByText('Ada Analyst').waitFor()
})

test('whoever does not agree is told so, and can use a recovery code', async () => {
  const { page, email, authenticator, recoveryCode } = await withPasskey()
  await signOut(page)
  await authenticator.refuse()

  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('No passkey was used.').waitFor()
  await signIn(page, email)
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code', { exact: true }).fill(recoveryCode)
  await page.getByRole('button', { name: 'Sign in' }).click()

  await page.getByRole('banner').getByText('Ada Analyst').waitFor()
})

test('the same authenticator is not added twice, and a passkey wants a name', async () => {
  const { page, authenticator } = await withPasskey()

  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect.poll(() => messageOf(page, 'Name of a new passkey')).toContain('Give the passkey a name.')
  await page.getByLabel('Name of a new passkey').fill('Again')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect
    .poll(() => messageOf(page, 'Name of a new passkey'))
    .toContain('This authenticator has a passkey of your account already.')
  expect(await authenticator.count()).toBe(1)
})

test('a passkey is removed after a question, and then the password is enough', async () => {
  const { page, email } = await withPasskey()

  await page.getByRole('button', { name: 'Remove Test laptop' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the passkey' }).click()
  await page.getByText('The passkey is removed here.').waitFor()
  await signOut(page)
  await signIn(page, email)

  await page.getByRole('banner').getByText('Ada Analyst').waitFor()
})

test('at an address of numbers the second step says where passkeys work', async () => {
  const { server, email, recoveryCode } = await withPasskey()
  const page = await openPage(server.origin)
  await page.goto('/')
  await signIn(page, email)

  await heading(page, 'Enter a recovery code').waitFor()
  await page.getByText(`Your passkeys work in a browser at http://localhost:${new URL(server.origin).port}`).waitFor()
  await page.getByLabel('Recovery code', { exact: true }).fill(recoveryCode)
  await page.getByRole('button', { name: 'Sign in' }).click()

  await page.getByRole('banner').getByText('Ada Analyst').waitFor()
})
