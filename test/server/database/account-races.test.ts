import { describe, expect, test } from 'vitest'
import { HERE, openBeside, UNLIMITED } from '../../support/beside'
import { beginBeside, untilWaiting } from '../../support/held-rows'
import { DIALECTS, startTestServer, type TestServer } from '../../support/start-test-server'
import { readToken } from '../../support/tokens'

const NEXT = 'another good password'
const ANOTHER_HASH = 'bcrypt of something else'

const rowsOf = async (server: TestServer, table: string) => (await openBeside(server)).read(`SELECT * FROM ${table}`)

describe.each(DIALECTS)('on %s', (dialect) => {
  test.each([
    ['its password is changed', `UPDATE users SET hashed_password = '${ANOTHER_HASH}'`, 401, 'invalid_credentials'],
    ['the account is deactivated', 'UPDATE users SET is_active = FALSE', 403, 'account_inactive'],
    ['the account is deleted', 'DELETE FROM users', 401, 'invalid_credentials'],
  ])('a sign-in whose password was right gets no session when %s meanwhile', async (_, change, status, code) => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const other = await beginBeside(server)
    await other.run(change)

    const login = server.client.post('/api/auth/login', ada.account)
    await untilWaiting(server)
    await other.commit()

    expect(await login).toMatchObject({ status, body: { code } })
    expect(await rowsOf(server, 'sessions')).toHaveLength(1)
  })

  test('a sign-in goes on when the account changed in a way that does not matter', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const other = await beginBeside(server)
    await other.run("UPDATE users SET name = 'Countess'")

    const login = server.client.post('/api/auth/login', ada.account)
    await untilWaiting(server)
    await other.commit()

    expect((await login).status).toBe(200)
  })

  test.each([
    ['its session is ended', 'UPDATE sessions SET revoked_at = CURRENT_TIMESTAMP'],
    ['its session is deleted', 'DELETE FROM sessions'],
    ['the account is deactivated', 'UPDATE users SET is_active = FALSE'],
  ])('a password change that was let in changes nothing when %s meanwhile', async (_, change) => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const hashes = async () => (await rowsOf(server, 'users')).map(({ hashed_password }) => hashed_password)
    const before = await hashes()
    const other = await beginBeside(server)
    await other.run("UPDATE users SET name = 'held'")
    await other.run(change)

    const changing = ada.post('/api/auth/change-password', {
      current_password: ada.account.password,
      new_password: NEXT,
    })
    await untilWaiting(server)
    await other.commit()

    expect(await changing).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
    expect(await hashes()).toEqual(before)
  })

  test('of password changes at once with one old password, one succeeds and its password is the one that counts', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const elsewhere = await server.client.login(ada.account)
    const other = await beginBeside(server)
    await other.run("UPDATE users SET name = 'held'")

    const changes = [ada, elsewhere].map((client, index) =>
      client.post('/api/auth/change-password', {
        current_password: ada.account.password,
        new_password: `${NEXT} ${index}`,
      }),
    )
    await untilWaiting(server, dialect === 'postgres' ? 2 : 1)
    await other.commit()

    const statuses = (await Promise.all(changes)).map(({ status }) => status)
    expect([...statuses].sort()).toEqual([200, 401])
    const winner = statuses.indexOf(200)
    await server.client.login({ ...ada.account, password: `${NEXT} ${winner}` })
    for (const password of [ada.account.password, `${NEXT} ${1 - winner}`])
      expect((await server.client.post('/api/auth/login', { ...ada.account, password })).status).toBe(401)
    expect((await [ada, elsewhere][1 - winner]?.get('/api/auth/verify'))?.status).toBe(401)
  })

  test('changing the password, signing in and signing out at once never fails the server', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const clients = await Promise.all(Array.from({ length: 8 }, () => server.client.login(ada.account)))

    const replies = await Promise.all(
      clients.flatMap((client, index) => [
        client.post('/api/auth/change-password', {
          current_password: ada.account.password,
          new_password: `${NEXT} ${index}`,
        }),
        server.client.post('/api/auth/login', ada.account),
        client.post('/api/auth/logout'),
        client.get('/api/auth/verify'),
      ]),
    )

    const statuses = [...new Set(replies.map(({ status }) => status))]
    expect(statuses.filter((status) => ![200, 400, 401].includes(status))).toEqual([])
  })
})

// On SQLite writes take turns, so nothing can come in between.
test('on postgres a sign-in that comes first while the account is being deleted is ended by the deletion', async () => {
  const server = await startTestServer({ dialect: 'postgres' })
  const ada = await server.signUp()
  const { users, accounts } = await openBeside(server)
  // What a sign-in takes as well, so sign-ins pass and the deletion waits.
  const other = await beginBeside(server)
  await other.run('SELECT id FROM users FOR SHARE')

  const deletion = users.delete(readToken(ada.token).claims.sub)
  await untilWaiting(server)
  const late = await server.client.login(ada.account)
  await other.commit()
  await deletion

  expect(() => accounts.authenticate(`Bearer ${late.token}`, HERE, UNLIMITED)).toThrow('This session has ended.')
  expect(() => accounts.authenticate(`Bearer ${ada.token}`, HERE, UNLIMITED)).toThrow('This session has ended.')
})

test('on postgres two transactions that wait for each other both succeed', async () => {
  const server = await startTestServer({ dialect: 'postgres' })
  await Promise.all([server.signUp('Ada'), server.signUp('Bob')])
  const { database } = await openBeside(server)
  const [first, second] = await database.models.User.findAll()
  const arrived: string[] = []
  let bothArrived = () => {}
  const both = new Promise<void>((resolve) => {
    bothArrived = resolve
  })
  const renameInOrder = (ids: (string | undefined)[], name: string) =>
    database.write(async (transaction) => {
      for (const id of ids) {
        await database.models.User.update({ name }, { where: { id: id ?? '' }, transaction })
        if (arrived.push(name) >= 2) bothArrived()
        await both
      }
    })

  await Promise.all([
    renameInOrder([first?.id, second?.id], 'one way'),
    renameInOrder([second?.id, first?.id], 'the other way'),
  ])

  const names = (await database.models.User.findAll()).map(({ name }) => name)
  expect(new Set(names).size).toBe(1)
})
