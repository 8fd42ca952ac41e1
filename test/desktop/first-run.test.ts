import { expect, test } from 'vitest'
import { guestForm, openDashboard } from './launch'

test('the window of a new installation makes the administrator without asking for a code', async () => {
  const { page } = await openDashboard()
  await page.getByRole('heading', { name: 'Set up Aurelius' }).waitFor()
  await page.getByLabel('Name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.reload() // which loses what was typed, and must not lose the code
  await guestForm(page).waitFor()
  expect(await page.getByLabel('Setup code').count()).toBe(0)
  await page.getByLabel('Name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')

  await page.getByRole('button', { name: 'Create administrator' }).click()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})
