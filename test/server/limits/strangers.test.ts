import { describe, expect, test } from 'vitest'
import { postFrom } from '../../support/from-address'
import { DIALECTS, startTestServer, type TestServer } from '../../support/start-test-server'

const ADA = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
const HOME = '127.0.0.1'
const FREE_PER_ACCOUNT = 30
const FREE_PER_ADDRESS = 300
const TOGETHER = 40 // fewer than make the server busy with hashing, and not a divisor of those that are free
const HOUR_MS = 3_600_000

describe.each(DIALECTS)('on %s', (dialect) => {
  test('strangers close an account to strangers, never to an address its owner uses', async () => {
    const server = await startTestServer({ dialect })
    await server.client.register(ADA)

    for (let turn = 0; turn < FREE_PER_ACCOUNT; turn += 1)
      expect((await tryFrom(server, stranger(turn), ADA.email, 'a wrong password')).status).toBe(401)

    const closed = await tryFrom(server, stranger(99), ADA.email, ADA.password)
    expect(closed).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
    expect((await tryFrom(server, HOME, ADA.email, 'a wrong password')).status).toBe(401)
    expect((await tryFrom(server, HOME, ADA.email, ADA.password)).status).toBe(200)
    expect((await tryFrom(server, stranger(99), 'bob@example.com', ADA.password)).status).toBe(401)
  })

  test('an address from which the owner once signed in is open too, one where only others failed is not', async () => {
    const server = await startTestServer({ dialect })
    await server.client.register(ADA)
    const office = '127.0.1.1'
    expect((await tryFrom(server, office, ADA.email, ADA.password)).status).toBe(200)

    for (let turn = 0; turn < FREE_PER_ACCOUNT; turn += 1)
      await tryFrom(server, stranger(turn), ADA.email, 'a wrong password')

    expect((await tryFrom(server, office, ADA.email, ADA.password)).status).toBe(200)
    expect((await tryFrom(server, stranger(0), ADA.email, ADA.password)).status).toBe(429)
  })

  test('who tries one password on many accounts must stop, and those who live at that address go on', async () => {
    let at = Date.parse('2026-03-01T12:00:00Z')
    const server = await startTestServer({ dialect, now: () => at })
    await server.client.register(ADA)
    const spray = (index: number, from = HOME) => tryFrom(server, from, `user.${index}@example.com`, 'a wrong password')

    const replies: Record<number, number> = {}
    for (let first = 0; first < FREE_PER_ADDRESS + 100; first += TOGETHER) {
      const together = await Promise.all(Array.from({ length: TOGETHER }, (_, index) => spray(first + index)))
      for (const { status } of together) replies[status] = (replies[status] ?? 0) + 1
    }

    expect(replies).toEqual({ 401: FREE_PER_ADDRESS, 429: 100 })
    expect((await tryFrom(server, HOME, ADA.email, ADA.password)).status).toBe(200)
    expect((await spray(0, stranger(1))).status).toBe(401)
    at += HOUR_MS
    expect((await spray(999)).status).toBe(401)
  })
})

function stranger(number: number): string {
  return `127.0.0.${number + 2}`
}

function tryFrom(server: TestServer, address: string, email: string, password: string) {
  return postFrom(address, `${server.origin}/api/auth/login`, { email, password })
}
