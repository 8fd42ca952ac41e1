import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from '../support/new-folder'
import { aurelius } from '../support/run-cli'
import { makeStrategy, someEquity } from '../support/runs'
import { startTestServer } from '../support/start-test-server'

test('evidence verify checks an archive on a machine without a server', async () => {
  const server = await startTestServer()
  const ada = await server.signUp('Ada')
  const strategy = await makeStrategy(ada)
  await ada.post('/api/v1/backtests/record', { strategy_id: strategy, equity: someEquity(40) })
  const reply = await fetch(`${ada.origin}/api/v1/strategies/${strategy}/evidence`, {
    headers: { authorization: `Bearer ${ada.token}` },
  })
  const archive = Buffer.from(await reply.arrayBuffer())
  await server.close()
  const folder = newFolder()
  writeFileSync(join(folder, 'good.tar.gz'), archive)
  writeFileSync(join(folder, 'cut.tar.gz'), archive.subarray(0, archive.length / 2))

  const good = await aurelius(['evidence', 'verify', 'good.tar.gz'], { folder })
  const asJson = await aurelius(['--json', 'evidence', 'verify', 'good.tar.gz'], { folder })
  const cut = await aurelius(['evidence', 'verify', 'cut.tar.gz'], { folder })
  writeFileSync(join(folder, 'other.txt'), 'root:x:0:0')
  const other = await aurelius(['evidence', 'verify', 'other.txt'], { folder })
  const missing = await aurelius(['evidence', 'verify', 'none.tar.gz'], { folder })

  expect(good).toMatchObject({ exitCode: 0, stderr: '' })
  expect(good.stdout).toMatch(
    /^Momentum: the archive is whole, and its numbers follow.*\n.*1 backtests[\s\S]*\nManifest SHA-256 [0-9a-f]{64}\nWho made it, .*compare/,
  )
  expect(JSON.parse(asJson.stdout)).toMatchObject({ ok: true, checked: { backtests: 1 }, findings: [] })
  expect(other.stdout).toMatch(/\nThis is no archive of evidence[^\n]*\.\n$/)
  expect(cut).toMatchObject({ exitCode: 65, stderr: expect.stringMatching(/is not whole, or .*\.\n$/) })
  expect(missing).toMatchObject({ exitCode: 66, stderr: expect.stringMatching(/cannot be read\.\n$/) })
})
