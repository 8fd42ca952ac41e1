import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createVerifier } from '../../../server/audit/verifier'
import { readConfig, type ServerSecrets } from '../../../server/config'
import { type AuditLog, openAuditLog, signUpAdmin } from '../../support/audit-log'
import { HERE } from '../../support/beside'
import { newFolder } from '../../support/new-folder'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import { connect } from '../../support/test-client'

const PROGRAM = resolve(import.meta.dirname, '../../../dist/main/serve.cjs')
const NOBODY = { kind: 'anonymous', userId: null, credentialId: null, origin: HERE } as const

async function isOneLine(log: AuditLog): Promise<boolean> {
  const verifier = createVerifier({ find: () => undefined })
  for (const entry of await log.entries()) verifier.check(entry)
  return verifier.result().is_intact
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('what several nodes write at once is one line without a gap', async () => {
    const server = await startTestServer({ dialect })
    const nodes = [server, await server.startSibling(), await server.startSibling()]
    const log = await openAuditLog(server)
    const admin = await signUpAdmin(server, log)
    const before = (await log.entries()).length

    await Promise.all(
      Array.from({ length: 30 }, (_, index) => nodes[index % nodes.length]?.client.login(admin.account)),
    )

    const entries = await log.entries()
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: before + 30 }, (_, index) => index + 1))
    expect((await admin.post('/api/audit/verify')).body).toMatchObject({ is_intact: true, entries: before + 30 })
  })

  test('a transaction that is rolled back leaves no entry', async () => {
    const log = await openAuditLog(await startTestServer({ dialect }))
    const event = { action: 'session.signed_in', by: NOBODY } as const
    const undone = new Error('changed my mind')

    const work = log.database.write(async (transaction) => {
      log.audit.record(event, transaction)
      throw undone
    })

    await expect(work).rejects.toBe(undone)
    await log.database.write(async (transaction) => log.audit.record(event, transaction))
    expect(await log.entries()).toMatchObject([{ seq: 1, action: 'session.signed_in' }])
  })

  test('a change whose entry cannot be written is undone', async () => {
    const server = await startTestServer({ dialect })
    const log = await openAuditLog(server)
    const ada = await server.signUp()
    await log.change('ALTER TABLE audit_log RENAME TO elsewhere')

    const reply = await server.client.post('/api/auth/register', { ...ada.account, email: 'bob@example.com' })
    const refusal = await server.client.post('/api/auth/login', { ...ada.account, password: 'a wrong password' })

    expect(reply).toMatchObject({ status: 500, body: { code: 'internal_error' } })
    expect(refusal.status).toBe(401)
    expect(await log.read('SELECT email FROM users')).toEqual([{ email: ada.account.email }])
    await log.change('ALTER TABLE elsewhere RENAME TO audit_log')
    expect((await server.client.post('/api/auth/login', ada.account)).status).toBe(200)
    expect(await isOneLine(log)).toBe(true)
  })

  test('an entry that stands past the head is refused as a fault of the log, and not as one of the request', async () => {
    const server = await startTestServer({ dialect })
    const log = await openAuditLog(server)
    const ada = await server.signUp()
    await log.change('UPDATE audit_head SET seq = 0')

    const reply = await server.client.post('/api/auth/register', { ...ada.account, email: 'bob@example.com' })

    expect(reply).toMatchObject({ status: 500, body: { code: 'internal_error' } })
    expect(await log.read('SELECT email FROM users')).toEqual([{ email: ada.account.email }])
  })

  test('details that are not of the action are refused, and with them the change', async () => {
    const log = await openAuditLog(await startTestServer({ dialect }))
    const event = { action: 'session.signed_out', by: NOBODY, details: { password: 'secret' } } as never

    await expect(log.database.write(async (transaction) => log.audit.record(event, transaction))).rejects.toThrow()

    expect(await log.entries()).toEqual([])
  })
})

test('a server that is killed while it writes leaves a log without a gap, and the next one goes on with it', async () => {
  const folder = newFolder()
  const database = { dialect: 'sqlite', storage: `${folder}/aurelius.db`, echo: false } as const
  const secretKey = 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E'
  const person = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
  for (let turn = 0; turn < 3; turn += 1) {
    const child = spawn(process.execPath, [PROGRAM], {
      cwd: folder,
      env: { HOME: folder, PORT: '0', DB_STORAGE: database.storage, SECRET_KEY: secretKey, BCRYPT_ROUNDS: '10' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [said] = await once(child.stderr, 'data')
    const client = connect(/http:\/\/127\.0\.0\.1:\d+/.exec(String(said))?.[0] ?? '')
    if (turn === 0) await client.register(person)
    const signIns = Array.from({ length: 20 }, () => client.login(person).catch(() => undefined))
    await Promise.race(signIns)
    child.kill('SIGKILL')
    await Promise.all([once(child, 'exit'), ...signIns])
  }

  const surroundings = { version: '', dataFolder: folder, logFolder: null, rendererFolder: null } as const
  const { secrets } = readConfig({ SECRET_KEY: secretKey }, { ...surroundings, portTaken: 'refuse' })
  const server = await startTestServer({ config: { database }, secrets: secrets as ServerSecrets })
  const log = await openAuditLog(server)
  const sessions = await log.read('SELECT id FROM sessions')
  const signedIn = (await log.entries()).filter(({ action }) => action === 'session.signed_in')

  expect(signedIn.length).toBeGreaterThan(3)
  expect(new Set(signedIn.map(({ target_id }) => target_id))).toEqual(new Set(sessions.map(({ id }) => id)))
  const admin = await signUpAdmin(server, log)
  expect((await admin.post('/api/audit/verify')).body).toMatchObject({ is_intact: true, unchecked_seals: [] })
})
