import { describe, expect, test } from 'vitest'
import { COMMAND_LINE } from '../../../server/audit/actor'
import { exportJsonLines } from '../../../server/audit/export'
import { createAuditKeys, deriveAuditKey } from '../../../server/audit/keys'
import { verifyExport } from '../../../server/audit/verify-export'
import { lastingSecret } from '../../../server/lasting-secret'
import { openAuditLog, signUpAdmin } from '../../support/audit-log'
import { HERE } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const TABLES = ['audit_log', 'audit_head']
const FAILED = 4
const ENDED = 5

const set = (seq: number, change: string) => [`UPDATE audit_log SET ${change} WHERE seq = ${seq}`]

/** A copy of an entry at another number, which may be an expression. */
const copyTo = (seq: string) => [
  `INSERT INTO audit_log SELECT ${seq}, occurred_at, action, outcome, actor_kind, actor_id, credential_id, account_id,
   target_type, target_id, address, device, request_id, details, key_id, previous_hash, hash, mac FROM audit_log
   WHERE seq = ${ENDED}`,
]
const altered = (seq: number) => ({ seq, kind: 'altered', message: `Entry ${seq} was altered after it was written.` })
const stray = (seq: number) => ({ seq, kind: 'reordered', message: expect.stringContaining(`Entry ${seq} is none of`) })
const removed = (message: string) => ({ seq: 1, kind: 'removed', message: expect.stringContaining(message) })

type Tampering = [what: string, statements: string[], bad: object]

// What reads as the entry that was written, and is not what was written.
const BOTH: Tampering[] = [
  ['a failure to an outcome there is not', set(FAILED, "outcome = 'x'"), altered(FAILED)],
  ['nobody to a kind of actor there is not', set(FAILED, "actor_kind = 'zzz'"), altered(FAILED)],
  ['nobody to no kind of actor', set(FAILED, "actor_kind = ''"), altered(FAILED)],
  ['a space in the details', set(ENDED, "details = replace(details, ':', ': ')"), altered(ENDED)],
  ['a member twice in the details', set(ENDED, `details = '{"sessions":7,"sessions":5}'`), altered(ENDED)],
  ['half of a character in the details', set(ENDED, `details = '{"sessions":"\\ud800"}'`), altered(ENDED)],
  ['an entry before the first', copyTo('-5'), stray(-5)],
  ['an entry in place of none', copyTo('0'), stray(0)],
  ['an entry past the end', copyTo('12'), stray(12)],
  [
    'the head back to what it was',
    ['DELETE FROM audit_head', 'INSERT INTO audit_head SELECT * FROM earlier_head'],
    stray(FAILED),
  ],
  ['the head away', ['DELETE FROM audit_head'], removed('lost its end')],
  ['everything away', ['DELETE FROM audit_log', 'DELETE FROM audit_head'], removed('is empty')],
]
const OF_DIALECT: Record<'sqlite' | 'postgres', Tampering[]> = {
  sqlite: [
    ['an action to bytes', set(ENDED, 'action = CAST(action AS BLOB)'), altered(ENDED)],
    ['an account to bytes', set(1, 'account_id = CAST(account_id AS BLOB)'), altered(1)],
    ['a hash to bytes', set(ENDED, 'hash = CAST(hash AS BLOB)'), altered(ENDED)],
    [
      'the time to that of another place',
      set(ENDED, "occurred_at = strftime('%Y-%m-%d %H:%M:%f', occurred_at, '+1 hour') || ' +01:00'"),
      altered(ENDED),
    ],
    [
      'the time to another spelling',
      set(ENDED, "occurred_at = replace(replace(occurred_at, ' +00:00', 'Z'), ' ', 'T')"),
      altered(ENDED),
    ],
  ],
  postgres: [
    [
      'a time by less than is shown',
      set(ENDED, "occurred_at = occurred_at + interval '7 microseconds'"),
      altered(ENDED),
    ],
  ],
}

describe.each(DIALECTS)('on %s', (dialect) => {
  async function start() {
    const server = await startTestServer({ dialect })
    const log = await openAuditLog(server)
    const admin = await signUpAdmin(server, log)
    await log.change('CREATE TABLE earlier_head AS SELECT * FROM audit_head')
    const nobody = { kind: 'anonymous', userId: null, credentialId: null, origin: HERE } as const
    await log.database.write(async (transaction) => {
      const reason = 'unknown_account'
      log.audit.record(
        { action: 'session.signed_in', by: nobody, outcome: 'failure', details: { reason } },
        transaction,
      )
      log.audit.record({ action: 'session.others_revoked', by: COMMAND_LINE, details: { sessions: 5 } }, transaction)
    })
    const keys = createAuditKeys([deriveAuditKey(lastingSecret(server.secrets))])
    const verified = async () => {
      const lines: string[] = []
      for await (const text of exportJsonLines(log.database, {}, Date.now)) lines.push(...text.split('\n'))
      const { status, body } = await admin.post('/api/audit/verify')
      return { status, byApi: body.first_bad, byExport: (await verifyExport(lines, { keys }))?.first_bad }
    }
    return { log, admin, verified }
  }

  test('no value that reads as what was written, and no row past the ends, goes unseen', async () => {
    const { log, admin, verified } = await start()
    await log.removeGuards()
    for (const table of TABLES) await log.change(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`)
    const found: unknown[] = []
    const tamperings = [...BOTH, ...OF_DIALECT[dialect]]

    for (const [what, statements] of tamperings) {
      for (const statement of statements) await log.change(statement)
      found.push([what, await verified(), (await admin.get('/api/audit')).status])
      for (const table of TABLES) {
        await log.change(`DELETE FROM ${table}`)
        await log.change(`INSERT INTO ${table} SELECT * FROM kept_${table}`)
      }
    }

    expect(found).toEqual(tamperings.map(([what, , bad]) => [what, { status: 200, byApi: bad, byExport: bad }, 200]))
    expect(await verified()).toEqual({ status: 200, byApi: null, byExport: null })
  })
})
