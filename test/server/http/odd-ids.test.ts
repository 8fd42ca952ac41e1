import { describe, expect, test } from 'vitest'
import { endpoints } from '../../../contracts/endpoints'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const WITH_ID = Object.values(endpoints).filter(({ path }) => path.includes(':'))

describe.each(DIALECTS)('on %s', (dialect) => {
  test.each([
    ['a character that no database takes', '%00'],
    ['half of a character', '%ED%A0%80'],
    ['more than any id has', 'x'.repeat(300)],
    ['a path', '..%2F..'],
  ])('an id of %s is nobody’s, and nothing goes wrong', async (_what, id) => {
    const server = await startTestServer({ dialect })
    const admin = await server.setUp()

    expect(WITH_ID.length).toBeGreaterThan(30)
    for (const { method, path } of WITH_ID) {
      const body = method === 'get' ? undefined : {}
      const { status } = await admin.request(method.toUpperCase(), path.replaceAll(/:\w+/g, id), body)
      expect({ method, path, status, isRefused: status >= 400 && status < 500 }).toMatchObject({ isRefused: true })
    }
    expect((await admin.get('/api/auth/verify')).status).toBe(200)
  })
})
