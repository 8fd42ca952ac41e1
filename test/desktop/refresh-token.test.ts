import { expect, onTestFinished, test, vi } from 'vitest'
import { createRefreshToken } from '../../main/refresh-token'
import { KeychainError, type SecretStore } from '../../main/secret-store'

test('the keychain is asked once, and what was set counts at once', async () => {
  const store = slowStore({ 'refresh-token': 'kept' })
  const token = createRefreshToken(store)

  expect(await Promise.all([token.get(), token.get()])).toEqual(['kept', 'kept'])
  token.set('next')

  expect(await token.get()).toBe('next')
  expect(store.calls.filter((call) => call === 'read refresh-token')).toHaveLength(1)
})

test('the keychain ends up with what was set last, however slow it is', async () => {
  const store = slowStore({})
  const token = createRefreshToken(store)

  for (const value of ['first', 'second', null, 'third', 'fourth']) {
    token.set(value)
    await Promise.resolve()
  }
  await token.settled()
  expect(store.entries).toEqual({ 'refresh-token': 'fourth' })
  expect(store.calls).toEqual(['write first', 'write fourth'])

  token.set('fifth')
  token.set(null)
  await token.settled()
  expect(store.entries).toEqual({})
})

test('a keychain that refuses keeps nobody from staying signed in, and gets what it missed when it takes writes again', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  onTestFinished(() => said.mockRestore())
  const store = slowStore({ 'refresh-token': 'old' })
  const token = createRefreshToken(store)

  store.refuses = true
  expect(await token.get()).toBeNull()
  token.set('new')
  await token.settled()
  expect(await token.get()).toBe('new')
  expect(store.entries).toEqual({ 'refresh-token': 'old' })
  expect(said.mock.calls.flat().join()).not.toMatch(/old|new/)

  store.refuses = false
  token.set('newer')
  await token.settled()
  expect(store.entries).toEqual({ 'refresh-token': 'newer' })
})

test('a keychain that could not be read is asked again', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  onTestFinished(() => said.mockRestore())
  const store = slowStore({ 'refresh-token': 'kept' })
  const token = createRefreshToken(store)

  store.refuses = true
  expect(await token.get()).toBeNull()
  store.refuses = false

  expect(await token.get()).toBe('kept')
})

test('an entry that could not be sent in a header counts as none', async () => {
  for (const damaged of ['', 'two\r\nlines', 'a; b', 'ü', 'x'.repeat(4097)])
    expect(await createRefreshToken(slowStore({ 'refresh-token': damaged })).get(), JSON.stringify(damaged)).toBeNull()
})

test('the access token that earlier versions kept is deleted', async () => {
  const store = slowStore({ 'access-token': 'a.b.c', 'refresh-token': 'kept' })

  await createRefreshToken(store).get()

  await expect.poll(() => store.entries).toEqual({ 'refresh-token': 'kept' })
})

/** One call at a time, like the keychain, and each takes a moment. */
function slowStore(entries: Record<string, string>) {
  const calls: string[] = []
  let lastTurn: Promise<unknown> = Promise.resolve()
  const store = { entries, calls, refuses: false }
  const inTurn = <Result>(call: string, answer: () => Result): Promise<Result> => {
    const turn = lastTurn.then(async () => {
      await new Promise((done) => setTimeout(done, 5))
      calls.push(call)
      if (store.refuses) throw new KeychainError('The keychain refused.')
      return answer()
    })
    lastTurn = turn.catch(() => undefined)
    return turn
  }
  return Object.assign(store, {
    read: (account) => inTurn(`read ${account}`, () => entries[account] ?? null),
    write: (account, value) =>
      inTurn(`write ${value}`, () => {
        entries[account] = value
      }),
    remove: (account) =>
      inTurn(`remove ${account}`, () => {
        delete entries[account]
      }),
  } satisfies SecretStore)
}
