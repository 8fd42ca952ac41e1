import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openBeside, readLog } from '../../support/beside'
import { DIALECTS, startTestServer, type TestServer } from '../../support/start-test-server'

const ADA = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
const CODE = /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/

const claim = ({ client }: TestServer, code: unknown, person: object = ADA) =>
  client.post('/api/auth/first-administrator', { ...person, setup_code: code })
const isFirstRun = async ({ client }: TestServer) => (await client.get('/api/auth/settings')).body.first_run
const rolesIn = async (server: TestServer) =>
  (await (await openBeside(server)).read('SELECT role, is_admin FROM users ORDER BY role')).map(
    ({ role, is_admin }) => [role, Boolean(is_admin)],
  )

describe.each(DIALECTS)('on %s', (dialect) => {
  test('whoever was shown the code makes the administrator, once', async () => {
    const server = await startTestServer({ dialect })
    expect(await isFirstRun(server)).toBe(true)

    const reply = await claim(server, server.setupCode)

    expect(reply).toMatchObject({ status: 200, body: { user: { email: ADA.email, is_admin: true } } })
    const permissions = await server.client.withToken(reply.body.access_token).get('/api/auth/me/permissions')
    expect(permissions.body.role).toBe('admin')
    expect(await isFirstRun(server)).toBe(false)
    const again = await claim(server, server.setupCode, { ...ADA, email: 'eve@example.com' })
    expect(again).toMatchObject({ status: 409, body: { code: 'already_set_up' } })
    expect(await rolesIn(server)).toEqual([['admin', true]])
  })

  test('of many at once on two nodes one becomes the administrator, and nobody else anything', async () => {
    const server = await startTestServer({ dialect })
    const sibling = await server.startSibling()
    const nodes = [server, sibling]

    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        claim(nodes[index % 2] as TestServer, server.setupCode, { ...ADA, email: `ada${index}@example.com` }),
      ),
    )

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409])
    expect(await rolesIn(server)).toEqual([['admin', true]])
  })

  test('whoever is being registered by another node meanwhile counts', async () => {
    const server = await startTestServer({ dialect })
    const { database } = await openBeside(server)
    const row = { email: 'bob@example.com', name: 'Bob', hashedPassword: 'none' }

    const claimed = await database.write(async (transaction) => {
      await database.models.User.create(row, { transaction })
      const claiming = claim(server, server.setupCode)
      await pause(700) // far longer than the claim takes where nothing holds it up
      return { claiming }
    })

    expect(await claimed.claiming).toMatchObject({ status: 409, body: { code: 'already_set_up' } })
    expect(await rolesIn(server)).toEqual([['analyst', false]])
  })

  test('racing with people who register, the administrator is the first of all or does not come to be', async () => {
    const server = await startTestServer({ dialect })

    const replies = await Promise.all([
      server.client.post('/api/auth/register', { ...ADA, email: 'bob@example.com' }),
      claim(server, server.setupCode),
      server.client.post('/api/auth/register', { ...ADA, email: 'eve@example.com' }),
    ])

    const [bob, admin, eve] = replies.map(({ status, body }) => [status, body.user?.is_admin])
    expect([bob, eve]).toEqual([
      [200, false],
      [200, false],
    ])
    expect([
      [200, true],
      [409, undefined],
    ]).toContainEqual(admin)
    expect(await rolesIn(server)).toHaveLength(admin?.[0] === 200 ? 3 : 2)
  })

  test('who registers on a fresh server is no administrator, and ends the offer', async () => {
    const server = await startTestServer({ dialect })
    const { setupCode } = server

    await server.client.register(ADA)

    expect(await isFirstRun(server)).toBe(false)
    expect(await claim(server, setupCode, { ...ADA, email: 'eve@example.com' })).toMatchObject({ status: 409 })
    expect(await rolesIn(server)).toEqual([['analyst', false]])
  })
})

test.each<[string, (code: string) => unknown, number]>([
  ['in lower case', (code) => code.toLowerCase(), 200],
  ['without dashes', (code) => code.replaceAll('-', ''), 200],
  [
    'with spaces and letters that look like digits',
    (code) => ` ${code.replaceAll('0', 'o').replaceAll('1', 'l')} `,
    200,
  ],
  ['of another server', () => '0123-4567-89AB-CDEF', 403],
  ['that is half of it', (code) => code.slice(0, 9), 403],
  ['that is more', (code) => `${code}0`, 403],
  ['that is empty', () => '', 422],
  ['that is missing', () => undefined, 422],
  ['that is no text', (code) => [code], 422],
])('a code %s', async (_how, change, status) => {
  const server = await startTestServer()
  const typed = change(server.setupCode ?? '')

  const reply = await claim(server, typed)

  expect(reply.status).toBe(status)
  expect(await isFirstRun(server)).toBe(status !== 200)
  if (status !== 200) expect(JSON.stringify(reply.body)).not.toContain(server.setupCode)
})

test('the administrator’s password is no guessable one', async () => {
  const server = await startTestServer()

  const reply = await claim(server, server.setupCode, { ...ADA, password: 'password1' })

  expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'password' }] } })
  expect(await isFirstRun(server)).toBe(true)
})

test('guessing codes is slowed down', async () => {
  const server = await startTestServer()

  const statuses = []
  for (let guess = 0; guess < 12; guess += 1) statuses.push((await claim(server, `0000-0000-0000-00${guess}`)).status)

  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 403))
  expect(statuses.at(-1)).toBe(429)
})

test('the code follows from the key, is asked for while there is nobody, and stands in no log', async () => {
  const server = await startTestServer()
  const sibling = await server.startSibling()
  const stranger = await startTestServer()
  expect(server.setupCode).toMatch(CODE)
  expect(sibling.setupCode).toBe(server.setupCode)
  expect(stranger.setupCode).not.toBe(server.setupCode)

  await claim(server, 'wrong')
  await claim(server, server.setupCode)

  expect((await server.startSibling()).setupCode).toBeNull()
  expect((await readLog(server)).text).not.toContain(server.setupCode)
})
