import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { COMMAND_LINE } from '../../../server/audit/actor'
import { type AuditLog, openAuditLog, signUpAdmin } from '../../support/audit-log'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

interface Tampering {
  what: string
  how(log: AuditLog): Promise<unknown>
  bad: { seq: number; kind: string }
}

const removeFrom = (log: AuditLog, condition: string) => log.change(`DELETE FROM audit_log WHERE ${condition}`)

/** Exchanges the numbers of two entries, and nothing else. */
async function exchange(log: AuditLog, one: number, other: number): Promise<void> {
  await log.overwrite(one, { seq: 1000 })
  await log.overwrite(other, { seq: one })
  await log.overwrite(1000, { seq: other })
}

// The log under attack holds 8 entries.
const TAMPERINGS: Tampering[] = [
  { what: 'who acted', how: (log) => log.overwrite(3, { actor_id: 'mallory' }), bad: { seq: 3, kind: 'altered' } },
  {
    what: 'when',
    how: (log) => log.overwrite(4, { occurred_at: '2020-01-01 00:00:00.000 +00:00' }),
    bad: { seq: 4, kind: 'altered' },
  },
  { what: 'the outcome', how: (log) => log.overwrite(5, { outcome: 'failure' }), bad: { seq: 5, kind: 'altered' } },
  { what: 'the details', how: (log) => log.overwrite(2, { details: '{"x":1}' }), bad: { seq: 2, kind: 'altered' } },
  { what: 'details to no JSON', how: (log) => log.overwrite(2, { details: '{' }), bad: { seq: 2, kind: 'altered' } },
  { what: 'the address to none', how: (log) => log.overwrite(2, { address: null }), bad: { seq: 2, kind: 'altered' } },
  { what: 'a hash', how: (log) => log.overwrite(6, { hash: 'f'.repeat(64) }), bad: { seq: 6, kind: 'altered' } },
  { what: 'a seal', how: (log) => log.overwrite(6, { mac: 'f'.repeat(64) }), bad: { seq: 6, kind: 'forged' } },
  { what: 'the key it names', how: (log) => log.overwrite(6, { key_id: 'other' }), bad: { seq: 6, kind: 'altered' } },
  {
    what: 'an entry and all hashes after it',
    how: async (log) => {
      await log.overwrite(3, { actor_id: 'mallory' })
      await log.rehashFrom(3)
    },
    bad: { seq: 3, kind: 'forged' },
  },
  { what: 'the first entry away', how: (log) => removeFrom(log, 'seq = 1'), bad: { seq: 1, kind: 'removed' } },
  { what: 'an entry away', how: (log) => removeFrom(log, 'seq = 4'), bad: { seq: 4, kind: 'removed' } },
  {
    what: 'an entry away and those after it down a place',
    how: async (log) => {
      await removeFrom(log, 'seq = 4')
      for (const seq of [5, 6, 7, 8]) await log.overwrite(seq, { seq: seq - 1 })
    },
    bad: { seq: 4, kind: 'altered' },
  },
  {
    what: 'two entries into the place of each other',
    how: (log) => exchange(log, 3, 5),
    bad: { seq: 3, kind: 'altered' },
  },
  { what: 'the newest entries away', how: (log) => removeFrom(log, 'seq > 6'), bad: { seq: 7, kind: 'cut_off' } },
  {
    what: 'the newest entries away, and the head to what is left',
    how: async (log) => {
      await removeFrom(log, 'seq > 6')
      const [sixth] = (await log.entries()).slice(-1)
      const head = { seq: 6, hash: sixth?.hash, key: sixth?.key_id, mac: sixth?.mac }
      await log.change('UPDATE audit_head SET seq = :seq, hash = :hash, key_id = :key, mac = :mac', head)
    },
    bad: { seq: 7, kind: 'cut_off' },
  },
  { what: 'every entry away', how: (log) => removeFrom(log, 'seq > 0'), bad: { seq: 1, kind: 'cut_off' } },
]

describe.each(DIALECTS)('on %s', (dialect) => {
  async function start() {
    const server = await startTestServer({ dialect })
    const log = await openAuditLog(server)
    const admin = await signUpAdmin(server, log)
    await log.database.write(async (transaction) => {
      for (let seq = 4; seq <= 8; seq += 1)
        log.audit.record(
          { action: 'session.others_revoked', by: COMMAND_LINE, details: { sessions: seq } },
          transaction,
        )
    })
    return { server, log, admin }
  }

  test('a log nobody touched is intact, and that it was verified is recorded', async () => {
    const { log, admin } = await start()
    const before = await log.entries()

    const { status, body } = await admin.post('/api/audit/verify')

    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        is_intact: true,
        entries: before.length,
        first_bad: null,
        unchecked_seals: [],
        head: { seq: before.length, hash: before.at(-1)?.hash },
      },
    })
    const [newest] = (await log.entries()).slice(-1)
    expect(newest).toMatchObject({ action: 'audit.verified', outcome: 'success', details: { entries: before.length } })
  })

  test.each(TAMPERINGS)('who changes $what is found out, at the first bad entry', async ({ how, bad }) => {
    const { log, admin } = await start()
    await log.removeGuards()

    await how(log)

    const { status, body } = await admin.post('/api/audit/verify')
    expect(status).toBe(200)
    expect(body).toMatchObject({ is_intact: false, first_bad: bad })
    expect(body.first_bad.message).toContain(`Entry ${bad.seq} `)
    expect((await admin.get('/api/audit')).status).toBe(200)
  })

  test.each(
    dialect === 'sqlite'
      ? [
          "UPDATE audit_log SET outcome = 'success'",
          'DELETE FROM audit_log',
          'INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE seq = 2',
        ]
      : ["UPDATE audit_log SET outcome = 'success'", 'DELETE FROM audit_log', 'TRUNCATE audit_log'],
  )('the database refuses %s', async (statement) => {
    const { log } = await start()
    const before = await log.entries()

    const refusal = await log.change(statement).catch((error) => String(error.parent))

    expect(refusal).toContain('audit_log is append-only')

    expect(await log.entries()).toEqual(before)
  })

  test('entries sealed with a key that is elsewhere are counted as unchecked, and their hashes are checked', async () => {
    const { server, log } = await start()
    const before = await log.entries()
    const secrets = { ...server.secrets, auditKeys: [randomBytes(32)] as [Uint8Array] }
    const elsewhere = await startTestServer({ dialect, config: { ...server.config, runtimeFile: null }, secrets })
    const admin = await elsewhere.client.login((await signUpAdmin(server, log)).account)
    const known = (await log.entries()).length

    const { body } = await admin.post('/api/audit/verify')

    const [newest] = (await log.entries()).slice(-1)
    expect(newest?.key_id).not.toBe(before[0]?.key_id)
    expect(body).toMatchObject({
      is_intact: true,
      entries: known,
      unchecked_seals: [{ key_id: before[0]?.key_id, entries: known - 1 }],
    })
    await log.removeGuards()
    await log.overwrite(3, { actor_id: 'mallory' })
    expect((await admin.post('/api/audit/verify')).body.first_bad).toMatchObject({ seq: 3, kind: 'altered' })
  })
})
