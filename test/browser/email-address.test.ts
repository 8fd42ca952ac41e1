import { expect, test } from 'vitest'
import { startMailServer } from '../support/mail-server'
import { faultsOf } from './audit'
import { heading, PASSWORD, signIn, signUp, withBrowser } from './dashboard'

const { openDashboard, openPage } = withBrowser()
const PUBLIC_URL = 'http://127.0.0.1:1'
const NEW = 'ada.new@example.com'
const GRACE = { email: 'grace@example.com', password: 'a long enough password' }

test('an address is confirmed, and changed from both, on pages that look right in each theme and width', async () => {
  const mails = await startMailServer()
  const { server, page } = await openDashboard('/', { config: { mail: mails.config, publicUrl: PUBLIC_URL } })
  const nextLink = async (to: string) => {
    let mail = await mails.next()
    while (mail.to[0] !== to) mail = await mails.next()
    return server.origin + mail.link.slice(PUBLIC_URL.length)
  }
  const mailbox = await openPage(server.origin)
  const objections: string[] = []
  const inspect = async (state: string, shown = page) => {
    objections.push(...(await faultsOf(shown, state)))
  }
  const email = await signUp(page)
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByText('Not confirmed').waitFor()
  await inspect('not confirmed')
  await page.getByRole('button', { name: 'Send the mail again' }).click()
  await page.getByRole('status').getByText('A mail with a link is on its way to you.').waitFor()

  const old = await nextLink(email)
  await mailbox.goto(await nextLink(email))
  await mailbox.getByText(`Confirm that ${email} is yours`).waitFor()
  await inspect('a link', mailbox)
  await mailbox.getByRole('button', { name: 'Confirm' }).click()
  await mailbox.getByRole('status').getByText('Your e-mail address is confirmed.').waitFor()
  await mailbox.goto(old)
  await mailbox.getByRole('alert').getByText('This link has expired or was used already').waitFor()
  await page.reload()
  await page.getByText('Confirmed', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Change e-mail' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change your e-mail address' })
  await dialog.getByLabel('New e-mail').fill(NEW)
  await page.getByLabel('Your password', { exact: true }).fill('not the right password')
  await dialog.getByRole('button', { name: 'Change' }).click()
  await dialog.getByText('password is not right').waitFor()
  await inspect('a wrong password')
  await page.getByLabel('Your password', { exact: true }).fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Change' }).click()
  await page.getByText(`To become ${NEW} when both addresses have confirmed`).waitFor()
  await inspect('a change that waits')
  await mailbox.goto(await nextLink(email))
  await mailbox.getByText(`the address ${NEW} instead of ${email}`).waitFor()
  await mailbox.getByRole('button', { name: 'Confirm' }).click()
  await mailbox.getByRole('status').getByText('when the other address has confirmed as well').waitFor()
  await page.reload()
  await page.getByText(`To become ${NEW} when the new address has confirmed`).waitFor()
  await mailbox.goto(await nextLink(NEW))
  await mailbox.getByText(`Confirm that ${NEW} is yours`).waitFor()
  expect(await mailbox.getByText(email).count()).toBe(0)
  await mailbox.getByRole('button', { name: 'Confirm' }).click()
  await mailbox.getByRole('status').getByText('Your e-mail address is changed.').waitFor()

  await page.reload()
  await page.getByRole('banner').getByText(NEW).waitFor()
  await page.getByText('Confirmed', { exact: true }).waitFor()
  expect(objections).toEqual([])
})

test('a change that waits is taken back; without a mail server it counts at once', async () => {
  const mails = await startMailServer()
  const withMail = await openDashboard('/', { config: { mail: mails.config, publicUrl: PUBLIC_URL } })
  const without = await openDashboard()

  for (const { page } of [withMail, without]) {
    await signUp(page)
    await page.getByRole('link', { name: 'Profile', exact: true }).click()
    await page.getByRole('button', { name: 'Change e-mail' }).click()
    await page.getByLabel('New e-mail').fill(NEW)
    await page.getByLabel('Your password', { exact: true }).fill(PASSWORD)
    await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click()
  }

  await without.page.getByRole('status').getByText('Your e-mail address is changed.').waitFor()
  await without.page.getByRole('banner').getByText(NEW).waitFor()
  expect(await without.page.getByText('Not confirmed').count()).toBe(0)
  await withMail.page.getByRole('button', { name: 'Take it back' }).click()
  await withMail.page.getByRole('status').getByText('Your e-mail address stays as it is.').waitFor()
  await withMail.page.getByText(NEW).waitFor({ state: 'detached' })
})

test('an administrator hands over a link that sets a forgotten password', async () => {
  const { server, page } = await openDashboard('/admin')
  const ada = await server.signUp('Ada')
  await signIn(page, GRACE.email, GRACE.password)
  await page.getByRole('button', { name: 'Ada', exact: true }).click()

  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByText('Give this link to Ada and to nobody else.').waitFor()
  const link = await page.getByRole('dialog').locator('code', { hasText: '/reset-password#' }).innerText()
  await page.goto('/admin')
  await heading(page, 'People').waitFor()
  expect(await page.getByText('/reset-password#').count()).toBe(0)

  const other = await openPage(server.origin)
  await other.goto(link)
  await other.getByLabel('New password', { exact: true }).fill('a rather different password')
  await other.getByRole('button', { name: 'Set password' }).click()
  await heading(other, 'Sign in').waitFor()
  await signIn(other, ada.account.email, 'a rather different password')
  await heading(other, 'Overview').waitFor()
})
