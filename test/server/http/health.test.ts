import { randomBytes } from 'node:crypto'
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

describe.each(DIALECTS)('on %s', (dialect) => {
  test('health says what works, to anybody, and nothing secret', async () => {
    const server = await startTestServer({ dialect })

    const { status, body } = await server.client.get('/api/health')

    expect(status).toBe(200)
    expect(body).toStrictEqual({
      status: 'healthy',
      version: '0.0.0-test',
      database: { dialect, status: 'connected' },
      uptime_seconds: expect.any(Number),
    })
    const { database } = server.config
    const secrets = [
      server.folder,
      String(process.pid),
      ...(database.dialect === 'postgres'
        ? [database.name, database.user, database.host, String(database.port)]
        : [database.storage]),
      server.secrets.databasePassword ?? server.folder,
    ]
    for (const secret of secrets) expect(JSON.stringify({ ...body, uptime_seconds: 0 })).not.toContain(secret)
  })

  test('a right token and a wrong one make no difference to health', async () => {
    const { client, signUp } = await startTestServer({ dialect })
    const ada = await signUp()

    expect((await ada.get('/api/health')).status).toBe(200)
    expect((await client.withToken('nonsense').get('/api/health')).status).toBe(200)
  })
})

test.each([
  ['moved away', () => undefined],
  ['replaced by something else', (storage: string) => writeFileSync(storage, randomBytes(8192))],
])('a database file that was %s is not healthy, and no empty one takes its place', async (_what, afterwards) => {
  const { client, config, folder } = await startTestServer()
  if (config.database.dialect !== 'sqlite') throw new Error('This test is about a file')
  const { storage } = config.database
  renameSync(storage, join(folder, 'elsewhere.db'))
  afterwards(storage)
  const left = existsSync(storage) ? statSync(storage).size : null

  expect(await client.get('/api/health')).toMatchObject({ status: 503, body: { code: 'database_unavailable' } })
  const registration = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
  expect((await client.post('/api/auth/register', registration)).status).toBe(503)
  expect(existsSync(storage) ? statSync(storage).size : null).toBe(left)
})
