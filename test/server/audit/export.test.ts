import { describe, expect, test } from 'vitest'
import { auditExportStart } from '../../../contracts/audit-log'
import { hashOf } from '../../../server/audit/chain'
import { createAuditKeys, deriveAuditKey } from '../../../server/audit/keys'
import { verifyExport } from '../../../server/audit/verify-export'
import { lastingSecret } from '../../../server/lasting-secret'
import { openAuditLog, signUpAdmin } from '../../support/audit-log'
import { HERE } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

async function start(dialect?: 'sqlite' | 'postgres') {
  const server = await startTestServer(dialect ? { dialect } : {})
  const log = await openAuditLog(server)
  const admin = await signUpAdmin(server, log)
  const exported = async (query = '') => {
    const reply = await admin.get(`/api/audit/export${query}`)
    return { ...reply, text: String(reply.body) }
  }
  return { log, admin, exported, keys: createAuditKeys([deriveAuditKey(lastingSecret(server.secrets))]) }
}

/** A copy in which some lines gave way to others. */
function splice(lines: string[], at: number, removed: number, ...added: string[]): string[] {
  const copy = [...lines]
  copy.splice(at, removed, ...added)
  return copy
}

const linesOf = (text: string) => text.trimEnd().split('\n')

describe.each(DIALECTS)('on %s', (dialect) => {
  test('an export in JSON Lines holds every entry and is verified without a server, with its keys or without', async () => {
    const { log, exported, keys } = await start(dialect)

    const { status, headers, text } = await exported()

    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="aurelius-audit.jsonl"')
    const lines = linesOf(text)
    const entries = await log.entries()
    expect(lines.slice(1, -1).map((line) => JSON.parse(line))).toEqual(entries)
    expect(entries.at(-1)).toMatchObject({ action: 'audit.exported', details: { format: 'jsonl' } })
    const found = { is_intact: true, is_complete: true, entries: entries.length, first_bad: null }
    expect(await verifyExport(lines, { keys })).toMatchObject({ ...found, unchecked_seals: [] })
    const key_id = entries[0]?.key_id
    expect(await verifyExport(lines)).toMatchObject({
      ...found,
      unchecked_seals: [{ key_id, entries: entries.length }],
    })
  })

  test('more entries than fit a chunk come out once each and in order', async () => {
    const { log, exported } = await start(dialect)
    await log.database.write(async (transaction) => {
      const by = { kind: 'anonymous', userId: null, credentialId: null, origin: HERE } as const
      for (let turn = 0; turn < 1203; turn += 1) log.audit.record({ action: 'session.revoked', by }, transaction)
    })

    const lines = linesOf((await exported()).text)

    const seqs = lines.slice(1, -1).map((line) => JSON.parse(line).seq)
    expect(seqs).toEqual(Array.from({ length: (await log.entries()).length }, (_, index) => index + 1))
    expect(await verifyExport(lines)).toMatchObject({ is_intact: true, entries: seqs.length })
  })
})

describe('an export that was changed', () => {
  const TAMPERINGS: [string, (lines: string[]) => string[], { seq: number; kind: string }][] = [
    [
      'an entry is changed',
      (lines) => splice(lines, 2, 1, String(lines[2]).replace('127.0.0.1', '192.0.2.1')),
      { seq: 2, kind: 'altered' },
    ],
    ['a line is gone', (lines) => splice(lines, 2, 1), { seq: 2, kind: 'removed' }],
    [
      'two lines are exchanged',
      (lines) => splice(lines, 2, 2, String(lines[3]), String(lines[2])),
      { seq: 2, kind: 'reordered' },
    ],
    ['a line is there twice', (lines) => splice(lines, 2, 0, String(lines[2])), { seq: 2, kind: 'reordered' }],
    ['a line is no entry', (lines) => splice(lines, 2, 1, '{"seq":2}'), { seq: 2, kind: 'unreadable' }],
    ['a line is no JSON', (lines) => splice(lines, 2, 1, 'seq 2'), { seq: 2, kind: 'unreadable' }],
    ['the newest entry is gone', (lines) => splice(lines, -2, 1), { seq: 4, kind: 'cut_off' }],
    ['the file ends too early', (lines) => lines.slice(0, -1), { seq: 5, kind: 'cut_off' }],
  ]

  test.each(TAMPERINGS)('shows where %s', async (_what, change, bad) => {
    const { exported, keys } = await start()
    const lines = linesOf((await exported()).text)

    expect(await verifyExport(change(lines), { keys })).toMatchObject({ is_intact: false, first_bad: bad })
    expect(await verifyExport(change(lines))).toMatchObject({ is_intact: false, first_bad: bad })
    expect((await verifyExport(lines, { keys }))?.is_intact).toBe(true)
  })

  test('shows an entry that was exchanged for another: with the key there, without it at the next one', async () => {
    const { exported, keys } = await start()
    const lines = linesOf((await exported()).text)
    const entry = { ...JSON.parse(String(lines[2])), address: '192.0.2.1' }
    const exchanged = splice(lines, 2, 1, JSON.stringify({ ...entry, hash: hashOf(entry) }))

    expect(await verifyExport(exchanged, { keys })).toMatchObject({ first_bad: { seq: 2, kind: 'forged' } })
    expect(await verifyExport(exchanged)).toMatchObject({ first_bad: { seq: 3, kind: 'unlinked' } })
  })

  test('shows a shorter log that somebody made for it without the key', async () => {
    const { exported, keys } = await start()
    const [first = '', ...rest] = linesOf((await exported()).text)
    const third = JSON.parse(String(rest[2]))
    const { audit_export: start_ } = auditExportStart.parse(JSON.parse(first))
    const head = { ...start_.head, seq: 3, hash: third.hash, mac: third.mac }
    const shorter = [JSON.stringify({ audit_export: { ...start_, head } }), ...rest.slice(0, 3), String(rest.at(-1))]

    expect(await verifyExport(shorter, { keys })).toMatchObject({ first_bad: { seq: 4, kind: 'cut_off' } })
  })

  test('shows against the head of an earlier export that the log does not go on from there', async () => {
    const one = await start()
    const other = await start()
    const earlier = auditExportStart.parse(JSON.parse(String(linesOf((await one.exported()).text)[0]))).audit_export
      .head
    const later = linesOf((await one.exported()).text)

    expect(await verifyExport(later, { earlier })).toMatchObject({ is_intact: true })
    const another = linesOf((await other.exported()).text)
    expect(await verifyExport(another, { earlier })).toMatchObject({
      first_bad: { seq: earlier.seq, kind: 'replaced' },
    })
    expect(await verifyExport(another, { earlier: { ...earlier, seq: 99 } })).toMatchObject({
      first_bad: { kind: 'cut_off' },
    })
  })

  test('is no export at all where the file is another one', async () => {
    expect(await verifyExport(['{"hello":1}'])).toBeUndefined()
    expect(await verifyExport([])).toBeUndefined()
  })
})

test('a part of the log says that it is a part, and its entries can still be checked one by one', async () => {
  const { exported, keys } = await start()
  const lines = linesOf((await exported('?action=session')).text)

  expect(lines).toHaveLength(4)
  expect(await verifyExport(lines, { keys })).toMatchObject({ is_intact: true, is_complete: false, entries: 2 })
  const changed = splice(lines, 2, 1, String(lines[2]).replace('127.0.0.1', '192.0.2.1'))
  expect(await verifyExport(changed)).toMatchObject({ is_intact: false, first_bad: { kind: 'altered' } })
})

test('a table for a spreadsheet has a head, quotes what needs it, and calculates nothing', async () => {
  const { log, exported } = await start()
  await log.removeGuards()
  await log.overwrite(1, { address: '=cmd|"/C calc"!A0', device: '+1, 2', target_id: '@x', request_id: '-1\n2' })

  const { headers, text } = await exported('?format=csv')

  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
  const [head, ...records] = text.split('\r\n')
  expect(head).toMatch(/^seq,occurred_at,action,outcome,/)
  expect(records[0]).toContain(`,'@x,"'=cmd|""/C calc""!A0","'+1, 2","'-1\n2","{}",`.replace('"{}"', '{}'))
  expect(records).toHaveLength((await log.entries()).length + 1)
})
