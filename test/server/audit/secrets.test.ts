import { expect, test } from 'vitest'
import { type Endpoint, endpoints } from '../../../contracts/endpoints'
import { openAuditLog, signUpAdmin } from '../../support/audit-log'
import { asPage } from '../../support/page-client'
import { startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const MARK = 'Mark3dSecretMark3dSecretMark3dSecret'
// Everything a body of the API may call something; each is sent with the mark wherever it takes a text.
const BODY = Object.fromEntries(
  ['password', 'current_password', 'new_password', 'code', 'challenge', 'token', 'invitation', 'secret', 'key'].map(
    (name) => [name, MARK],
  ),
)

/** Calls every operation of the API, as far as it can be called without knowing what it is for. */
async function callEverything(client: TestClient, email: string): Promise<number[]> {
  const statuses: number[] = []
  for (const { method, path } of Object.values<Endpoint>(endpoints)) {
    const url = path.replaceAll(/:\w+/g, MARK)
    const body = method === 'get' ? undefined : { ...BODY, email, name: 'Somebody' }
    const headers = { cookie: `aurelius_refresh=${MARK}`, 'user-agent': `Agent ${MARK}`, 'x-forwarded-for': MARK }
    if (path === '/api/auth/logout') continue
    statuses.push((await client.request(method.toUpperCase(), url, body, { headers })).status)
  }
  return statuses
}

test('no secret gets into the log, whatever is called with one', async () => {
  const server = await startTestServer()
  const log = await openAuditLog(server)
  const admin = await signUpAdmin(server, log)
  const password = `${MARK} of Ada`
  const ada = await server.client.register({ email: 'ada@example.com', password, name: 'Zoe Somebody' })
  const page = asPage(server.client)
  const { access_token: token } = await page.signIn({ email: 'ada@example.com', password, name: 'Zoe Somebody' })

  const statuses = [
    ...(await callEverything(server.client, 'ada@example.com')),
    ...(await callEverything(ada, 'ada@example.com')),
    ...(await callEverything(admin, `${MARK}@example.com`)),
  ]
  const refreshed = page.cookie
  await page.refresh()
  await server.client.post('/api/auth/login', { email: `${MARK}@example.com`, password })
  await ada.post('/api/auth/change-password', { current_password: password, new_password: `${MARK} anew` })
  await server.close()

  expect(statuses).toContain(200)
  const table = JSON.stringify(await log.read('SELECT * FROM audit_log'))
  expect(table).toContain('account.password_changed')
  const hashes = (await log.read('SELECT hashed_password FROM users')).map((row) => String(row.hashed_password))
  for (const secret of [MARK, ada.token, token, refreshed, ...hashes, 'ada@example.com', 'Somebody'])
    expect(table.toLowerCase().includes(secret.toLowerCase()), secret).toBe(false)
})
