import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from '../support/new-folder'
import { aurelius, settingsOf } from '../support/run-cli'
import { DIALECTS, startTestServer } from '../support/start-test-server'

test.each(DIALECTS)('status finds the running server on %s, and says who is signed in', async (dialect) => {
  const server = await startTestServer({ dialect })
  const ada = await server.signUp('Ada')
  await server.client.login(ada.account)
  const words = ['status', '--data-folder', server.folder]
  const environment = settingsOf(server)

  const told = await aurelius(words, { environment })
  const json = await aurelius([...words, '--json'], { environment })

  expect(told).toMatchObject({ exitCode: 0, stderr: '' })
  expect(told.stdout).toContain('Aurelius 0.0.0-test is running.')
  expect(told.stdout).toContain(server.origin)
  expect(told.stdout).toContain(`${ada.account.email} (2 sessions)`)
  expect(told.stdout).not.toContain('\u001b')
  expect(JSON.parse(json.stdout)).toMatchObject({
    running: true,
    origin: server.origin,
    health: { status: 'healthy', database: { dialect } },
    signed_in: [{ email: ada.account.email, sessions: 2 }],
  })
  for (const secret of [ada.token, server.secrets.databasePassword ?? ada.token])
    expect(told.stdout + json.stdout).not.toContain(secret)
})

test('a database that the server was told elsewhere is found by the runtime file', async () => {
  const server = await startTestServer({ config: { database: elsewhere() } })
  const ada = await server.signUp('Ada')

  const { stdout } = await aurelius(['status', '--data-folder', server.folder])

  expect(stdout).toContain(ada.account.email)
})

test('status without a server says so and ends with 69', async () => {
  const server = await startTestServer()
  await server.close()

  expect(await aurelius(['status', '--data-folder', server.folder])).toEqual({
    exitCode: 69,
    stdout: 'Aurelius is not running.\n',
    stderr: '',
  })
  const json = await aurelius(['--json', 'status'])
  expect({ ...json, stdout: JSON.parse(json.stdout) }).toMatchObject({
    exitCode: 69,
    stdout: { running: false },
    stderr: '',
  })
})

test('status of a server whose database has gone says what the server says', async () => {
  const server = await startTestServer()
  rmSync(join(server.folder, 'aurelius.db'))

  const { exitCode, stdout, stderr } = await aurelius(['status', '--data-folder', server.folder])

  expect({ exitCode, stdout }).toEqual({ exitCode: 75, stdout: '' })
  expect(stderr).toBe('The database does not answer: try again in a moment.\n')
})

function elsewhere() {
  return { dialect: 'sqlite' as const, storage: join(newFolder(), 'other.db'), echo: false }
}
