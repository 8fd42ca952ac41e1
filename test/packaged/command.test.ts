import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { version } from '../../package.json'
import { type DesktopSession, openDesktopSession } from '../support/desktop-session'
import { type CliRun, run } from '../support/run-cli'
import { EXECUTABLE, launchPacked } from './packed-app'

/** The command as it comes with the installed app: its program, with words behind. */
function aurelius(session: DesktopSession, words: string[], options: { input?: string; env?: object } = {}) {
  const { command, args } = session.asUser(EXECUTABLE, words)
  return run(command, args, { env: { ...session.env, ...options.env }, cwd: session.env.HOME, input: options.input })
}

/** Chromium tells what it misses on this machine; what the command says has no process number in front. */
const saidBy = ({ stderr }: CliRun) => stderr.split('\n').filter((line) => line !== '' && !/^\[\d+:/.test(line))

test('the installed program runs commands beside the app: status, accounts, keys', async () => {
  const session = await startSession()
  const { page, close } = await launchPacked(session)
  await page.getByRole('link', { name: /create (an )?account|sign up/i }).click()
  await page.getByLabel('Name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()

  const status = await aurelius(session, ['status', '--json'])
  expect({ exitCode: status.exitCode, said: saidBy(status) }).toEqual({ exitCode: 0, said: [] })
  expect(JSON.parse(status.stdout)).toMatchObject({
    running: true,
    version,
    signed_in: [{ email: 'ada@example.com', sessions: 1 }],
  })

  const promoted = await aurelius(session, ['users', 'promote', 'ada@example.com'])
  expect({ ...promoted, stderr: saidBy(promoted) }).toEqual({
    exitCode: 0,
    stdout: 'ada@example.com is an administrator now.\n',
    stderr: [],
  })
  const reset = await aurelius(session, ['users', 'reset-password', 'ada@example.com', '--stdin'], {
    input: 'another long enough password\n',
  })
  expect({ exitCode: reset.exitCode, said: saidBy(reset) }).toEqual({ exitCode: 0, said: [] })
  const rotated = await aurelius(session, ['keys', 'rotate', '--json'])
  expect({ exitCode: rotated.exitCode, said: saidBy(rotated) }).toEqual({ exitCode: 0, said: [] })
  expect(JSON.parse(rotated.stdout).total).toBe(2)
  await close()

  expect((await aurelius(session, ['status'])).stdout).toBe('Aurelius is not running.\n')
})

test('a command opens no window, makes no data, and says what is wrong', async () => {
  const session = await startSession()

  expect(await aurelius(session, ['--version'])).toMatchObject({ exitCode: 0, stdout: `${version}\n` })
  const list = await aurelius(session, ['users', 'list'])
  expect({ exitCode: list.exitCode, stdout: list.stdout }).toEqual({ exitCode: 66, stdout: '' })
  expect(saidBy(list)).toEqual([expect.stringMatching(/^There is no database at /)])
  const wrong = await aurelius(session, ['users', 'brew'])
  expect({ exitCode: wrong.exitCode, said: saidBy(wrong) }).toEqual({
    exitCode: 64,
    said: ["Unknown command 'brew'; see aurelius users --help."],
  })
  expect(existsSync(session.dataFolder)).toBe(false)
})

test('without a display the command says what it needs', async () => {
  const session = await startSession()

  const told = await aurelius(session, ['users', 'list'], { env: { DISPLAY: '' } })

  expect({ exitCode: told.exitCode, said: saidBy(told) }).toEqual({
    exitCode: 69,
    said: [expect.stringMatching(/^Here the command needs a display/)],
  })
})

async function startSession(): Promise<DesktopSession> {
  const session = await openDesktopSession()
  onTestFinished(() => session.close())
  return session
}
