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
