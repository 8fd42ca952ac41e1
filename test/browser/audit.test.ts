import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { verifyExport } from '../../server/audit/verify-export'
import { fileAuditHeads } from '../../server/audit-heads'
import { openAuditLog } from '../support/audit-log'
import { newFolder } from '../support/new-folder'
import { faultsOfEvery } from './audit'
import { heading, PASSWORD, signIn, startDashboardServer, withBrowser } from './dashboard'

const { openPage, openSignedIn } = withBrowser()
const GRACE = { email: 'grace@example.com', password: 'a long enough password' }

/** A server on which something has happened, and the page of its log in front of an administrator. */
async function openLog() {
  const server = await startDashboardServer({ auditHeads: fileAuditHeads(newFolder()) })
  const log = await openAuditLog(server)
  const [earlier = {}] = await log.read('SELECT * FROM audit_head')
  const ada = await server.signUp('Ada')
  await server.client.post('/api/auth/login', { email: ada.account.email, password: 'a wrong password' })
  await expect.poll(async () => (await log.entries()).at(-1)?.outcome).toBe('failure')
  await ada.post('/api/auth/sessions/revoke-others')
  const page = await openPage(server.origin)
  await page.goto('/admin/audit')
  await signIn(page, GRACE.email, GRACE.password)
  await heading(page, 'Audit log').waitFor()
  await entriesOf(page).first().waitFor()
  return { server, log, ada, page, earlier }
}

const entriesOf = (page: Page) => page.getByRole('table', { name: 'Entries' }).getByRole('rowheader')
const sentencesOf = (page: Page) => entriesOf(page).allInnerTexts()
const verify = (page: Page) => page.getByRole('button', { name: 'Verify the log' }).click()

test('who is no administrator finds no page', async () => {
  const { page } = await openSignedIn()

  await page.goto('/admin/audit')

  await heading(page, 'Page not found').waitFor()
})

test('entries are sentences, filtered by what, who and outcome', async () => {
  const { page, ada } = await openLog()
  const [newest, ...rest] = await sentencesOf(page)
  expect(newest).toBe('Grace Administrator signed in.')
  expect(rest).toEqual([
    'Ada signed out everywhere else (0 sessions).',
    'Somebody tried to sign in to Ada’s account with a wrong password.',
    'Ada signed in.',
    'Ada created an account.',
    'Grace Administrator signed in.',
    'Grace Administrator set up Aurelius as its first administrator.',
    'Grace Administrator created an account.',
  ])

  await page.getByLabel('Outcome').selectOption('Failed')
  await expect.poll(() => sentencesOf(page)).toEqual([rest[1]])
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByLabel('What').selectOption('Accounts and passwords')
  await expect.poll(() => sentencesOf(page)).toEqual([rest[3], rest.at(-1)])
  await page.getByLabel('What').selectOption('Everything')
  await page.getByLabel('Person').fill('ada')
  await page.locator('datalist option').first().waitFor({ state: 'attached' })
  await page.getByLabel('Person').fill(ada.account.email)
  await expect.poll(() => sentencesOf(page)).toEqual(rest.slice(0, 4))
  await page.reload()
  await expect.poll(() => sentencesOf(page)).toEqual(rest.slice(0, 4))
  await expect.poll(() => page.getByLabel('Person').inputValue()).toBe(ada.account.email)
  await page.getByLabel('To').fill('2020-01-01')
  await page.getByText('No entry matches.').waitFor()
})

test('an entry opens with all it holds, and leads to the others about its people', async () => {
  const { page, log } = await openLog()
  const wrong = (await log.entries()).find(({ outcome }) => outcome === 'failure')

  await page.getByRole('button', { name: /with a wrong password/ }).click()
  const drawer = page.getByRole('dialog', { name: `Entry ${wrong?.seq}` })
  const text = await drawer.innerText()
  await drawer.getByRole('button', { name: 'All about Ada' }).click()

  for (const value of [wrong?.hash, wrong?.mac, wrong?.request_id, wrong?.address, wrong?.device, 'wrong_password'])
    expect(text).toContain(value)
  await expect.poll(() => sentencesOf(page)).toHaveLength(4)
})

test('a long log has pages, there and back', async () => {
  const { page, server } = await openLog()
  for (let turn = 0; turn < 25; turn += 1) await server.client.login({ ...GRACE, name: '' })
  await page.reload()
  await page.getByText('33 entries').waitFor()

  await page.getByRole('button', { name: 'Older' }).click()
  await page.getByText('Entries 1 to 8').waitFor()
  expect(await sentencesOf(page)).toHaveLength(8)
  await page.getByRole('button', { name: 'Newer' }).click()
  await page.getByText('33 entries').waitFor()
})

test('the log is verified at the press of a button, and the first bad entry is shown', async () => {
  const { page, log } = await openLog()
  await verify(page)
  await page.getByRole('status').getByText('8 entries intact.').waitFor()
  await log.removeGuards()
  await log.overwrite(5, { address: '192.0.2.1' })

  await verify(page)
  await page.getByRole('status').getByText('Entry 5 was altered after it was written.').waitFor()
  await page.getByRole('button', { name: 'Show where' }).click()

  await expect.poll(async () => (await sentencesOf(page))[0]).toBe('Ada signed in.')
  expect(await page.getByRole('button', { name: 'A backup was restored' }).count()).toBe(0)
})

test('newest entries that are gone show, until it is said that a backup was restored', async () => {
  const { page, log, earlier } = await openLog()
  // Until the end is remembered outside the database.
  await expect
    .poll(
      async () => {
        await verify(page)
        return page.getByRole('status').getByText('up to entry').innerText({ timeout: 5_000 })
      },
      { timeout: 20_000 },
    )
    .toMatch(/up to entry \d+\./)
  await log.removeGuards()
  await log.change('DELETE FROM audit_log WHERE seq > :seq', earlier)
  await log.change('UPDATE audit_head SET seq = :seq, hash = :hash, key_id = :key_id, mac = :mac', earlier)

  await verify(page)
  await page.getByRole('button', { name: 'A backup was restored' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Accept the log' }).click()

  await page.getByRole('status').getByText('entries intact.').waitFor()
  await page.getByRole('button', { name: /accepted the audit log as it is/ }).waitFor()
})

test('what is shown is exported, to be verified elsewhere or for a spreadsheet', async () => {
  const { page } = await openLog()
  const save = async (format: string, name: RegExp) => {
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: `Export as ${format}` }).click()
    const download = await saved
    expect(download.suggestedFilename()).toMatch(name)
    return readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n')
  }

  const lines = await save('JSON Lines', /^aurelius-audit-.*\.jsonl$/)
  expect(await verifyExport(lines)).toMatchObject({ is_intact: true, is_complete: true, entries: 9 })
  expect(await save('CSV', /^aurelius-audit-.*\.csv$/)).toHaveLength(11)
})

test('everybody sees in their profile what they did, and what others tried with their account', async () => {
  const { page, server, email } = await openSignedIn()
  await server.client.post('/api/auth/login', { email, password: 'a wrong password' })
  for (let turn = 0; turn < 10; turn += 1) await server.client.login({ email, password: PASSWORD, name: '' })

  await page.getByRole('link', { name: 'Profile', exact: true }).click()

  const list = page.getByRole('list', { name: 'Security activity' })
  await expect.poll(() => list.getByText('You signed in.').count()).toBe(10)
  await page.getByRole('button', { name: 'Show earlier' }).click()
  await list.getByText('Somebody tried to sign in to your account with a wrong password.').waitFor()
  await list.getByText('You created an account.').waitFor()
  expect(await page.getByRole('button', { name: 'Show earlier' }).count()).toBe(0)
})

/** The page in its plain state and with something in it. */
async function* everyState(page: Page, log: Awaited<ReturnType<typeof openAuditLog>>): AsyncGenerator<string> {
  yield 'log'
  await verify(page)
  await page.getByRole('status').getByText('intact.').waitFor()
  yield 'log verified'
  await page.getByRole('button', { name: /with a wrong password/ }).click()
  await page.getByRole('dialog').waitFor()
  yield 'entry'
  await page.getByRole('button', { name: 'Close' }).click()
  await log.removeGuards()
  await log.change('DELETE FROM audit_log WHERE seq = 7')
  await verify(page)
  await page.getByRole('status').getByText('missing').waitFor()
  yield 'log with a fault'
  await page.getByLabel('To').fill('2020-01-01')
  await page.getByText('No entry matches.').waitFor()
  yield 'log without a match'
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByRole('list', { name: 'Security activity' }).waitFor()
  yield 'security activity'
}

test('these pages are accessible in both themes, and need no sideways scrolling at any width', async () => {
  const { page, log } = await openLog()

  expect(await faultsOfEvery(page, everyState(page, log))).toEqual([])
})
