import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeKey } from '../support/api-keys'
import { newFolder } from '../support/new-folder'
import { startPython } from '../support/run-python'
import { signUp, tokenIn, withBrowser } from './dashboard'

const { openDashboard, openSignedIn } = withBrowser()
/** All that shells, sed, printf, JSON and Python give a meaning of their own. */
const AWKWARD_PASSWORD = `it's "quoted" \\n %s /&/ $HOME \`id\` é`
const AWKWARD_EMAIL = `o'neil&sons/50%$x@example.com`
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] }

test('home shows the account, the server and the database as they are', async () => {
  const { server, page, email } = await openSignedIn()
  const { body: health } = await server.client.get('/api/health')

  const state = page.getByRole('region', { name: 'Server and database' })
  const account = page.getByRole('region', { name: 'Your account' })

  await state.getByText('SQLite, connected').waitFor()
  expect(await state.innerText()).toContain('Healthy')
  expect(await state.innerText()).toContain(health.version)
  expect(await account.innerText()).toContain(email)
  await account.getByText('Analyst', { exact: true }).waitFor()
  await account.getByText(/in 13 d 23 h, if you leave it unused/).waitFor()
  const memberSince = await account.locator('time').first().getAttribute('datetime')
  const { body } = await server.client.withToken(await tokenIn(page)).get('/api/auth/verify')
  expect(Date.parse(memberSince ?? '')).toBe(Date.parse(body.user.created_at))
})

test('a database that does not answer is told in the words of the server', async () => {
  const { page } = await openSignedIn()
  const detail = 'The database does not answer: try again in a moment.'
  const problem = { type: 'about:blank', title: '', status: 503, detail, code: 'database_unavailable' }
  await page.route('**/api/health', (route) => route.fulfill({ status: 503, json: problem }))

  await page.reload()

  await page.getByRole('alert').getByText(detail).waitFor()
  await page.unroute('**/api/health')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('SQLite, connected').waitFor()
})

test.each([
  ['curl', 'bash', ['-c']],
  ['Python', 'python3', ['-W', 'ignore', '-c']],
])('the %s lines work as copied and ask for the password', async (language, program, options) => {
  const { server, page } = await openDashboard('/', {}, CLIPBOARD)
  await signUp(page, AWKWARD_EMAIL, AWKWARD_PASSWORD)
  await page.getByRole('tab', { name: language }).click()

  const lines = [await copied(page, `${language} lines: Sign in`), await copied(page, `${language} lines: Verify`)]
  const output = await run(program, [...options, lines.join('\n')], `${AWKWARD_PASSWORD}\n`)

  expect(lines[0]).toContain(server.origin)
  expect(lines.join('\n')).not.toContain(AWKWARD_PASSWORD)
  expect(output).toContain(AWKWARD_EMAIL)
  expect(output).toContain('Ada Analyst')
})

test('the Python client is handed over, and with it the script works as copied', async () => {
  const { server, page } = await openDashboard('/', {}, CLIPBOARD)
  await signUp(page)
  const person = server.client.withToken(await tokenIn(page))
  const { secret } = await makeKey(person, { scopes: ['ledger:read', 'ledger:write'] })
  const folder = newFolder()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('region', { name: 'Connect a script' })
      .getByRole('button', { name: 'Download aurelius.py' })
      .click(),
  ])
  await download.saveAs(join(folder, download.suggestedFilename()))
  const script = await copied(page, 'aurelius.py lines: Record a backtest')
  const environment = { PYTHONPATH: folder, AURELIUS_DATA_FOLDER: server.folder, AURELIUS_API_KEY: secret }
  const { exitCode, stdout, stderr } = await startPython(script, environment).ended

  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/^-0\.0012\d+\n$/),
    stderr: '',
  })
  expect((await person.get('/api/v1/backtests')).body.backtests).toMatchObject([{ strategy_name: 'Buy and hold' }])
  expect(await copied(page, 'aurelius.py lines: Run it')).toBe(
    'aurelius run --scope ledger:read,ledger:write my_script.py',
  )
})

test('the base URL can be copied, also where a page has no clipboard', async () => {
  const { server, page } = await openSignedIn('/', {}, CLIPBOARD)
  const readClipboard = () => page.evaluate(() => navigator.clipboard.readText())

  expect(await copied(page, 'base URL')).toBe(server.origin)
  await page.evaluate(() => navigator.clipboard.writeText('something else'))
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('denied'))
  })
  await page.getByRole('button', { name: /Copy base URL/ }).click()

  await expect.poll(readClipboard).toBe(server.origin)
})

async function copied(page: Awaited<ReturnType<typeof openDashboard>>['page'], what: string): Promise<string> {
  await page.getByRole('button', { name: `Copy ${what}` }).click()
  await page.getByRole('button', { name: `Copied ${what}` }).waitFor()
  return page.evaluate(() => navigator.clipboard.readText())
}

/** Detached, so that it has no terminal and a question for the password reads the input instead. */
function run(program: string, options: string[], input: string): Promise<string> {
  const child = spawn(program, options, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve(output))
  })
}
