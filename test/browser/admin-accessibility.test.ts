import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBeside } from '../support/beside'
import type { TestServer } from '../support/start-test-server'
import { faultsOfEvery } from './audit'
import { heading, PASSWORD, signIn, withBrowser } from './dashboard'

const { openDashboard } = withBrowser()

/** Every page for administrators and for the first run, in its plain state and with something in it. */
async function* everyState(page: Page, server: TestServer): AsyncGenerator<string> {
  await heading(page, 'Set up Aurelius').waitFor()
  yield 'first run'
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await page.getByText('Enter the setup code.').waitFor()
  yield 'first run with field errors'
  const admin = await server.setUp()
  const { users } = await openBeside(server)
  for (let index = 0; index < 26; index += 1)
    await users.create({
      name: index === 0 ? 'A person with a name that is rather long for a narrow window' : `Person ${index}`,
      email: `a.rather.long.address.for.a.narrow.window.${index}@department.example.com`,
      password: PASSWORD,
    })
  await page.goto('/sign-in')
  await signIn(page, admin.account.email, admin.account.password)
  await heading(page, 'Overview').waitFor()
  await page.getByRole('link', { name: 'Administration' }).click()
  await page.getByText('1–25 of 27 accounts').waitFor()
  yield 'people'
  await page.getByRole('button', { name: 'Grace Administrator' }).click()
  const drawer = page.getByRole('dialog', { name: 'Grace Administrator' })
  await drawer.getByRole('button', { name: /^End / }).first().waitFor()
  await drawer.getByText('Nothing is locked.').waitFor()
  yield 'people with somebody open'
  await drawer.getByRole('button', { name: 'Deactivate account' }).click()
  const question = page.getByRole('dialog', { name: 'Deactivate your own account?' })
  await question.waitFor()
  yield 'people with a question'
  await question.getByRole('button', { name: 'Deactivate account' }).click()
  await drawer.getByRole('alert').getByText('only administrator').waitFor()
  yield 'people with a refusal'
  await drawer.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('searchbox').fill('nobody at all')
  await page.getByText('Nobody matches.').waitFor()
  yield 'people without a match'
  await page.getByRole('link', { name: 'Server' }).click()
  await page.getByText('This server’s key is the setting SECRET_KEY.').waitFor()
  yield 'server'
  await page.getByRole('link', { name: 'Roles' }).click()
  await heading(page, 'Roles').waitFor()
  yield 'roles'
  await page.getByRole('link', { name: 'Invitations' }).click()
  await page.getByText('Nobody is invited yet.').waitFor()
  yield 'invitations'
  await page.getByLabel('E-mail').fill('a.rather.long.address.for.a.narrow.window@department.example.com')
  await page.getByRole('button', { name: 'Create link' }).click()
  await page.getByText('It works once').waitFor()
  await page.getByRole('row', { name: /Open/ }).waitFor()
  yield 'invitations with a link'
}

test('these pages are accessible in both themes, and need no sideways scrolling at any width', async () => {
  const { page, server } = await openDashboard('/', { isFirstRun: true })

  expect(await faultsOfEvery(page, everyState(page, server))).toEqual([])
})
