import { describe, expect, test } from 'vitest'
import type { UserPage } from '../../../server/auth/users.service'
import { HERE, openBeside, UNLIMITED } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const PASSWORD = 'a long enough password'
const ADA = { email: 'ada@example.com', password: PASSWORD, name: 'Ada' }
const NOBODY = '00000000-0000-4000-8000-000000000000'

describe.each(DIALECTS)('on %s', (dialect) => {
  async function usersOfFreshServer() {
    const server = await startTestServer({ dialect })
    const beside = await openBeside(server)
    return { server, ...beside }
  }

  test('a user that was created is found by id and by e-mail address, in any case', async () => {
    const { users, read } = await usersOfFreshServer()

    const { user } = await users.create({ ...ADA, email: ' Ada@Example.COM ' })

    expect(user).toMatchObject({ email: 'ada@example.com', name: 'Ada', is_active: true, is_admin: false })
    expect(Object.keys(user).sort()).toEqual(['created_at', 'email', 'id', 'is_active', 'is_admin', 'name'])
    expect(await users.findById(user.id)).toEqual(user)
    for (const email of ['ada@example.com', 'ADA@example.com']) expect(await users.findByEmail(email)).toEqual(user)
    expect(await read('SELECT email FROM users')).toEqual([{ email: 'ada@example.com' }])
  })

  test('who is not there is not found', async () => {
    const { users } = await usersOfFreshServer()

    expect(await users.findById(NOBODY)).toBeUndefined()
    expect(await users.findByEmail('nobody@example.com')).toBeUndefined()
    expect(await users.verifyCredentials('nobody@example.com', PASSWORD)).toBeUndefined()
    await expect(users.update(NOBODY, { name: 'Nobody' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(users.delete(NOBODY)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('credentials are right together only', async () => {
    const { users } = await usersOfFreshServer()
    const { user } = await users.create(ADA)
    await users.create({ ...ADA, email: 'bob@example.com', password: 'the password of Bob' })

    expect((await users.verifyCredentials(ADA.email, PASSWORD))?.user).toEqual(user)
    expect(await users.verifyCredentials(ADA.email, 'the password of Bob')).toBeUndefined()
    expect(await users.verifyCredentials(ADA.email, '')).toBeUndefined()
  })

  test('an address is taken in every spelling, by creation and by change', async () => {
    const { users } = await usersOfFreshServer()
    await users.create(ADA)
    const { user: bob } = await users.create({ ...ADA, email: 'bob@example.com' })

    const taken = { code: 'email_taken', status: 400 }
    await expect(users.create({ ...ADA, email: 'ADA@example.com' })).rejects.toMatchObject(taken)
    await expect(users.update(bob.id, { email: 'ADA@Example.com' })).rejects.toMatchObject(taken)
    expect(await users.findById(bob.id)).toEqual(bob)
  })

  test('of many creations at once with one address, one succeeds', async () => {
    const { users, read } = await usersOfFreshServer()

    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => users.create(ADA)))

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'email_taken' })
    expect(await read('SELECT email FROM users')).toHaveLength(1)
  })

  test('an update changes what is named, keeps the rest, and every node shows it', async () => {
    const { server, users } = await usersOfFreshServer()
    const ada = await server.client.register(ADA)
    const { user } = (await ada.get('/api/auth/verify')).body

    const updated = await users.update(user.id, { name: 'Countess', email: ' COUNTESS@Example.com' })

    expect(updated).toEqual({ ...user, name: 'Countess', email: 'countess@example.com' })
    await expect.poll(async () => (await ada.get('/api/auth/verify')).body.user).toEqual(updated)
    await server.client.login({ ...ADA, email: 'Countess@example.com' })
    expect(await users.verifyCredentials(ADA.email, PASSWORD)).toBeUndefined()
  })

  test('a user with sessions can be deleted, their tokens die at once, and the address is free again', async () => {
    const { server, read, users, accounts } = await usersOfFreshServer()
    const ada = await server.client.register(ADA)
    const elsewhere = await server.client.login(ADA)
    const bob = await server.client.register({ ...ADA, email: 'bob@example.com' })
    const { id } = (await ada.get('/api/auth/verify')).body.user

    await users.delete(id)

    for (const { token } of [ada, elsewhere])
      expect(() => accounts.authenticate(`Bearer ${token}`, HERE, UNLIMITED)).toThrow('This session has ended.')
    for (const gone of [ada, elsewhere])
      await expect.poll(async () => (await gone.get('/api/auth/verify')).status).toBe(401)
    expect((await bob.get('/api/auth/verify')).status).toBe(200)
    expect((await server.client.post('/api/auth/login', ADA)).status).toBe(401)
    const sessions = await read('SELECT user_id, revoked_at FROM sessions ORDER BY user_id')
    expect(sessions.filter(({ user_id }) => user_id === null)).toHaveLength(2)
    expect(sessions.filter(({ revoked_at }) => revoked_at !== null)).toHaveLength(2)
    await server.client.register(ADA)
    expect((await ada.get('/api/auth/verify')).status).toBe(401)
  })

  test('the list has everybody once, page by page, also while people come and go', async () => {
    const { users } = await usersOfFreshServer()
    const emailOf = (index: number) => `user${String(index).padStart(3, '0')}@example.com`
    for (let index = 0; index < 25; index += 1) await users.create({ ...ADA, email: emailOf(index) })

    const pages: UserPage[] = [await users.listAll({ limit: 10 })]
    await users.create({ ...ADA, email: 'aaa@example.com' }) // before what was shown
    await users.create({ ...ADA, email: 'zzz@example.com' }) // after it
    await users.delete((await users.findByEmail(emailOf(9)))?.id ?? '') // the one the cursor stands on
    for (let cursor = pages[0]?.next_cursor; cursor; cursor = pages.at(-1)?.next_cursor)
      pages.push(await users.listAll({ limit: 10, cursor }))

    const listed = pages.flatMap((page) => page.users.map(({ email }) => email))
    expect(listed).toEqual([...Array.from({ length: 25 }, (_, index) => emailOf(index)), 'zzz@example.com'])
    expect(pages.map((page) => page.users.length)).toEqual([10, 10, 6])
    expect(pages.map(({ total }) => total)).toEqual([25, 26, 26])
  })

  test('a page that ends with the last user has no cursor, and an empty list has one page', async () => {
    const { users } = await usersOfFreshServer()
    expect(await users.listAll()).toEqual({ users: [], total: 0, next_cursor: null })
    for (const email of ['a@example.com', 'b@example.com']) await users.create({ ...ADA, email })

    expect((await users.listAll({ limit: 2 })).next_cursor).toBeNull()
    expect((await users.listAll({ limit: 1 })).next_cursor).not.toBeNull()
    expect((await users.listAll({ limit: 100_000 })).users).toHaveLength(2)
  })

  test('what is no cursor of this list is refused, not taken for another page', async () => {
    const { users } = await usersOfFreshServer()

    for (const cursor of ['', '=', 'not base64url!', '_w', 'YWRh=='])
      await expect(users.listAll({ cursor }), cursor).rejects.toMatchObject({
        code: 'validation_failed',
        errors: [{ field: 'cursor', message: expect.stringMatching(/^The cursor is not one .*\.$/) }],
      })
  })
})
