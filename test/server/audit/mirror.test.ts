import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { auditHead } from '../../../contracts/audit-log'
import { type AuditHeadStore, fileAuditHeads } from '../../../server/audit-heads'
import { type AuditLog, openAuditLog, signUpAdmin } from '../../support/audit-log'
import { newFolder } from '../../support/new-folder'
import { DIALECTS, startTestServer, type TestServer } from '../../support/start-test-server'
import type { Account } from '../../support/test-client'

/** The end of the log as the database holds it: what an attacker may have copied earlier. */
const headOf = async (log: AuditLog) => (await log.read('SELECT * FROM audit_head'))[0] ?? {}

async function cutOff(log: AuditLog, head: Record<string, unknown>): Promise<void> {
  await log.removeGuards()
  await log.change('DELETE FROM audit_log WHERE seq > :seq', head)
  await log.change('UPDATE audit_head SET seq = :seq, hash = :hash, key_id = :key_id, mac = :mac', head)
}

describe.each(DIALECTS)('on %s', (dialect) => {
  /** A server that has stopped, its log, and how the log stood some entries before its end. */
  async function start() {
    const folder = newFolder()
    const auditHeads = fileAuditHeads(folder)
    const server = await startTestServer({ dialect, auditHeads })
    const log = await openAuditLog(server)
    const admin = await signUpAdmin(server, log)
    const earlier = await headOf(log)
    await server.signUp('Ada')
    await server.close()
    return { server, log, account: admin.account, folder, auditHeads, earlier }
  }

  async function verify({
    server,
    account,
    auditHeads,
  }: {
    server: TestServer
    account: Account
    auditHeads?: AuditHeadStore
  }) {
    const { config, secrets } = server
    const again = await startTestServer({ dialect, config, secrets, ...(auditHeads ? { auditHeads } : {}) })
    const admin = await again.client.login(account)
    return { again, admin, body: (await admin.post('/api/audit/verify')).body }
  }

  test('a server that stops has its end remembered, for its user alone, and a whole log agrees with it', async () => {
    const { server, log, account, folder, auditHeads } = await start()
    const [name = ''] = readdirSync(folder)

    const { seq, hash } = auditHead.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))

    const newest = (await log.entries()).at(-1)
    expect({ seq, hash }).toEqual({ seq: newest?.seq, hash: newest?.hash })
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^audit-head-[0-9a-f]{16}\.json$/)])
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    const { body } = await verify({ server, account, auditHeads })
    expect(body).toMatchObject({ is_intact: true, mirror: { place: 'file', seq } })
  })

  test('newest entries that were cut off show, even with an older end put back that is genuine', async () => {
    const { server, log, account, auditHeads, earlier } = await start()
    await cutOff(log, earlier)

    const unseen = await verify({ server, account })
    await unseen.again.close()
    const { body } = await verify({ server, account, auditHeads })

    expect(unseen.body).toMatchObject({ is_intact: true, mirror: { place: 'none', seq: null } })
    expect(body).toMatchObject({ is_intact: false, mirror: { place: 'file' } })
    expect(body.first_bad.seq).toBeGreaterThan(Number(earlier.seq))
  })

  test('entries written after the cut do not hide it, until an administrator says that it is right so', async () => {
    const { server, log, account, auditHeads, earlier } = await start()
    const remembered = (await log.entries()).length
    await cutOff(log, earlier)
    const first = await verify({ server, account, auditHeads })
    for (let turn = 0; turn < 5; turn += 1) await first.again.client.login(account)
    await first.again.close()

    const { again, admin, body } = await verify({ server, account, auditHeads })
    expect(body).toMatchObject({ is_intact: false, first_bad: { seq: remembered, kind: 'replaced' } })

    expect((await admin.post('/api/audit/accept')).status).toBe(200)
    expect((await admin.post('/api/audit/verify')).body).toMatchObject({ is_intact: true })
    const accepted = (await log.entries()).filter(({ action }) => action === 'audit.end_accepted')
    expect(accepted).toMatchObject([{ details: { remembered, entries: expect.any(Number) } }])
    await again.close()
    expect((await verify({ server, account, auditHeads })).body).toMatchObject({ is_intact: true })
  })

  test('what is remembered cannot be changed to an entry further back without the key', async () => {
    const { server, log, account, folder, auditHeads } = await start()
    const [name = ''] = readdirSync(folder)
    const third = (await log.entries())[2]
    const forged = { seq: 3, hash: third?.hash, key_id: third?.key_id, mac: third?.mac }
    writeFileSync(join(folder, name), JSON.stringify(forged))

    const { body } = await verify({ server, account, auditHeads })

    expect(body).toMatchObject({ is_intact: false, first_bad: { seq: 3, kind: 'replaced' } })
  })
})

test('a keychain that fails keeps nobody from signing in, and verification says that nothing is remembered', async () => {
  const fails = () => Promise.reject(new Error('The keychain is locked.'))
  const auditHeads: AuditHeadStore = { place: 'keychain', read: fails, write: fails }
  const server = await startTestServer({ auditHeads })
  const log = await openAuditLog(server)
  const admin = await signUpAdmin(server, log)

  expect((await admin.post('/api/audit/verify')).body).toMatchObject({
    is_intact: true,
    mirror: { place: 'keychain', seq: null },
  })
  await server.close()
})

test('only administrators with a fresh proof take a shorter log for whole', async () => {
  const clock = { ahead: 0 }
  const server = await startTestServer({ now: () => Date.now() + clock.ahead })
  const log = await openAuditLog(server)
  const [admin, ada] = [await signUpAdmin(server, log), await server.signUp('Ada')]

  expect(await ada.post('/api/audit/accept')).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
  clock.ahead = 6 * 60_000
  expect(await admin.post('/api/audit/accept')).toMatchObject({ status: 403, body: { code: 'fresh_proof_required' } })
  expect((await log.entries()).map(({ action }) => action)).not.toContain('audit.end_accepted')
})
