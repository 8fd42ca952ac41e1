import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { accountData } from '../../contracts/account-data'
import { focusedName, hasSession, heading, messageOf, PASSWORD, signIn, tokenIn, withBrowser } from './dashboard'

const { openSignedIn } = withBrowser()
const NEW_PASSWORD = 'five words in a row'

async function openProfile() {
  const { server, page, email } = await openSignedIn('/profile')
  await heading(page, 'Profile').waitFor()
  return { server, page, email }
}

test('the profile shows the account as the server has it', async () => {
  const { server, page, email } = await openProfile()
  const { body } = await server.client.withToken(await tokenIn(page)).get('/api/auth/verify')

  const shown = page.getByRole('region', { name: 'Account' })

  expect(await shown.innerText()).toContain('Ada Analyst')
  expect(await shown.innerText()).toContain(email)
  expect(Date.parse((await shown.locator('time').getAttribute('datetime')) ?? '')).toBe(
    Date.parse(body.user.created_at),
  )
})

test('changing the password keeps this session, ends the others, and says so', async () => {
  const { server, page, email } = await openProfile()
  const other = await server.client.login({ email, password: PASSWORD, name: '' })
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByLabel('New password').fill(NEW_PASSWORD)

  await page.getByRole('button', { name: 'Change password' }).click()

  await page.getByRole('status').getByText('Your password is changed.').waitFor()
  expect(await page.getByLabel('Current password').inputValue()).toBe('')
  expect(await page.getByLabel('New password').inputValue()).toBe('')
  expect((await other.get('/api/auth/verify')).status).toBe(401)
  expect((await server.client.withToken(await tokenIn(page)).get('/api/auth/verify')).status).toBe(200)
  expect((await server.client.post('/api/auth/login', { email, password: PASSWORD })).status).toBe(401)
  expect((await server.client.post('/api/auth/login', { email, password: NEW_PASSWORD })).status).toBe(200)
})

test('a wrong current password is told at its field and changes nothing', async () => {
  const { server, page, email } = await openProfile()
  await page.getByLabel('Current password').fill('not the right password')
  await page.getByLabel('New password').fill(NEW_PASSWORD)

  await page.getByRole('button', { name: 'Change password' }).click()

  await expect.poll(() => messageOf(page, 'Current password')).toMatch(/wrong|right|match/)
  expect(await focusedName(page)).toBe('Current password')
  expect((await server.client.post('/api/auth/login', { email, password: PASSWORD })).status).toBe(200)
})

test('password fields allow pasting, can be shown, and tell password managers what they are', async () => {
  const { page } = await openProfile()
  const field = page.getByLabel('New password')
  await page.evaluate((text) => {
    const area = document.createElement('textarea')
    document.body.append(area)
    area.value = text
    area.select()
    document.execCommand('copy')
    area.remove()
  }, NEW_PASSWORD)
  await field.focus()
  await page.keyboard.press('ControlOrMeta+v')

  expect(await field.inputValue()).toBe(NEW_PASSWORD)
  expect(await field.getAttribute('type')).toBe('password')
  await page.getByRole('button', { name: 'Show password' }).last().click()
  expect(await field.getAttribute('type')).toBe('text')
  expect(await field.getAttribute('autocomplete')).toBe('new-password')
  expect(await page.getByLabel('Current password').getAttribute('autocomplete')).toBe('current-password')
})

test('the name is changed in a dialog, and the header shows it at once', async () => {
  const { server, page } = await openProfile()
  await page.getByRole('button', { name: 'Change name' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change your name' })
  expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Ada Analyst')
  expect(await focusedName(page)).toBe('Name')
  await dialog.getByRole('textbox', { name: 'Name' }).fill(' ')
  await page.keyboard.press('Enter')
  await dialog.getByText('Enter your name.').waitFor()
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Ada King')

  await page.keyboard.press('Enter')

  await page.getByRole('status').getByText('Your name is changed.').waitFor()
  expect(await dialog.isVisible()).toBe(false)
  expect(await page.getByRole('banner').innerText()).toContain('Ada King')
  expect(await focusedName(page)).toBe('Change name')
  const { body } = await server.client.withToken(await tokenIn(page)).get('/api/auth/verify')
  expect(body.user.name).toBe('Ada King')
})

test('a dialog that is cancelled forgets what was typed', async () => {
  const { server, page } = await openProfile()
  await page.getByRole('button', { name: 'Change name' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Somebody Else')

  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Change name' }).click()

  expect(await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Ada Analyst')
  const { body } = await server.client.withToken(await tokenIn(page)).get('/api/auth/verify')
  expect(body.user.name).toBe('Ada Analyst')
})

test('my data is saved as a file that says everything and no secret', async () => {
  const { page, email } = await openProfile()
  const saving = page.waitForEvent('download')

  await page.getByRole('button', { name: 'Download my data' }).click()

  const download = await saving
  expect(download.suggestedFilename()).toMatch(/^aurelius-my-data-\d{4}-\d\d-\d\d\.json$/)
  const data = accountData.parse(JSON.parse(readFileSync(await download.path(), 'utf8')))
  expect(data.user).toMatchObject({ email, name: 'Ada Analyst' })
  await page.getByRole('status').getByText('Your data is downloaded.').waitFor()
})

test('deleting the account asks for the password, then leads to sign-in, where it is no account any more', async () => {
  const { page, email } = await openProfile()
  await page.getByRole('button', { name: 'Delete my account' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete your account?' })
  await dialog.getByLabel('Password', { exact: true }).fill('not the right password')
  await page.keyboard.press('Enter')
  await dialog.getByText('The password is not right.').waitFor()
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)

  await dialog.getByRole('button', { name: 'Delete my account' }).click()

  await heading(page, 'Sign in').waitFor()
  await page.getByRole('status').getByText('Your account is deleted.').waitFor()
  expect(await hasSession(page)).toBe(false)
  await signIn(page, email)
  await page.getByRole('alert').getByText('Wrong e-mail or password.').waitFor()
})
