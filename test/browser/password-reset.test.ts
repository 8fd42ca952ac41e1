import { expect, test } from 'vitest'
import { startMailServer } from '../support/mail-server'
import { heading, messageOf, PASSWORD, passwordField, signIn, signUp, withBrowser } from './dashboard'

const { openDashboard, openPage } = withBrowser()
const NEXT = 'a rather different password'

async function openWithMail() {
  const mails = await startMailServer()
  const { server, page } = await openDashboard('/', { config: { mail: mails.config, publicUrl: 'http://127.0.0.1:1' } })
  const { account } = await server.signUp()
  /** The link as it would be, had the server known its own address before it started. */
  const nextLink = async () => {
    const { link } = await mails.next('Set a new password')
    return server.origin + link.slice('http://127.0.0.1:1'.length)
  }
  return { mails, server, page, account, nextLink }
}

test('who forgot the password asks for a mail, follows its link, and signs in with a new one', async () => {
  const { page, account, nextLink } = await openWithMail()
  await page.getByRole('link', { name: 'Forgotten your password?' }).click()
  await heading(page, 'Forgotten your password?').waitFor()
  await page.getByLabel('E-mail').fill(account.email)
  await page.keyboard.press('Enter')
  await page.getByRole('status').getByText('If there is an account with this address').waitFor()
  const link = await nextLink()

  await page.goto(link)

  await page.getByText(`For ${account.email}.`).waitFor()
  expect(new URL(page.url()).hash).toBe('')
  await page.getByLabel('New password', { exact: true }).fill('short')
  await page.keyboard.press('Enter')
  await expect.poll(() => messageOf(page, 'New password')).toContain('A password has at least 8 characters.')
  await page.getByLabel('New password', { exact: true }).fill(NEXT)
  await page.getByRole('button', { name: 'Set password' }).click()
  await heading(page, 'Sign in').waitFor()
  await page.getByRole('status').getByText('Your password is set.').waitFor()
  await signIn(page, account.email, NEXT)
  await heading(page, 'Overview').waitFor()

  await page.goto(link)
  await page.getByRole('alert').getByText('This link has expired or was used already').waitFor()
  await page.getByRole('link', { name: 'Ask for a new link' }).waitFor()
})

test('a link stays neither in the address bar nor in the history, and sends nothing of itself to the server', async () => {
  const { server, account, nextLink } = await openWithMail()
  await server.client.post('/api/auth/forgot-password', { email: account.email })
  const link = await nextLink()
  const token = link.split('#')[1] ?? ''
  const page = await openPage(server.origin)
  const addresses: string[] = []
  page.on('request', (request) => addresses.push(`${request.url()} ${request.headers().referer ?? ''}`))

  await page.goto(link)
  await page.getByText(`For ${account.email}.`).waitFor()
  await page.getByRole('link', { name: 'Back to sign-in' }).click()
  await heading(page, 'Sign in').waitFor()
  await page.goBack()
  await page.getByRole('textbox', { name: 'Link' }).waitFor()

  expect(page.url()).not.toContain(token)
  expect(addresses.filter((address) => address.includes(token))).toEqual([])
})

test('a link that was handed over can be pasted', async () => {
  const { page, server, account, nextLink } = await openWithMail()
  await server.client.post('/api/auth/forgot-password', { email: account.email })
  const link = await nextLink()
  await page.goto('/reset-password')
  const field = page.getByRole('textbox', { name: 'Link' })
  await field.fill('what is this')
  await page.keyboard.press('Enter')
  await page.getByText('Paste the whole link that you were given.').waitFor()

  await field.fill(link)
  await page.keyboard.press('Enter')

  await page.getByText(`For ${account.email}.`).waitFor()
})

test('somebody who is signed in is signed out by setting a new password', async () => {
  const { page, server, nextLink } = await openWithMail()
  const email = await signUp(page, 'bob@example.com')
  await server.client.post('/api/auth/forgot-password', { email })

  await page.goto(await nextLink())
  await page.getByLabel('New password', { exact: true }).fill(NEXT)
  await page.getByRole('button', { name: 'Set password' }).click()

  await heading(page, 'Sign in').waitFor()
  await page.getByText('Your password is set.').waitFor()
})

test('without a mail server the page says who can help', async () => {
  const { server, page } = await openDashboard()
  await server.signUp()
  await page.goto('/forgot-password')

  await page.getByText('This server sends no mail.').waitFor()
  expect(await page.getByLabel('E-mail').count()).toBe(0)
  await page.getByRole('link', { name: 'Use it here' }).click()
  await heading(page, 'Set a new password').waitFor()
})

test('what a new password is worth is advice: it says so, and keeps nobody from going on', async () => {
  const { page } = await openDashboard('/sign-up')
  const loaded: string[] = []
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
  await page.getByLabel('Name').fill('Ada Analyst')
  await page.getByLabel('E-mail').fill('ada@example.com')
  expect(loaded.filter((path) => path.includes('strength'))).toEqual([])

  await passwordField(page).fill('wintertime')
  await page
    .getByRole('status')
    .getByText(/asy to guess/)
    .waitFor()
  await passwordField(page).fill('Analyst1990')
  await page.getByText('Your own name or address is tried first.').waitFor()
  await passwordField(page).fill('correct horse battery staple')
  await page.getByText('Very hard to guess.').waitFor()
  expect(loaded.filter((path) => path.includes('strength'))).toHaveLength(1)
  await passwordField(page).fill('wintertime')
  await page.getByText(/asy to guess/).waitFor()
  await page.getByRole('button', { name: 'Create account' }).click()

  await heading(page, 'Overview').waitFor()
})

test('pages tell the minimum length of this server', async () => {
  const { page } = await openDashboard('/sign-up', { config: { passwordMinLength: 15 } })

  await expect.poll(() => messageOf(page, 'Password')).toContain('At least 15 characters.')
  await page.getByLabel('Name').fill('Ada Analyst')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await passwordField(page).fill('fourteen chars')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect.poll(() => messageOf(page, 'Password')).toContain('A password has at least 15 characters.')
  await passwordField(page).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await heading(page, 'Overview').waitFor()
})
