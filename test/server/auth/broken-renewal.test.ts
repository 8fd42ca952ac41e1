import { expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { beginBeside, untilWaiting } from '../../support/held-rows'
import { newFolder } from '../../support/new-folder'
import { asPage, refreshCookie } from '../../support/page-client'
import { serveProgram } from '../../support/serve-program'
import { openSqliteFile } from '../../support/sqlite-file'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import { connect } from '../../support/test-client'

const ADA = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }

test('a server that is killed in the middle of a renewal has spent nothing', { timeout: 60_000 }, async () => {
  const folder = newFolder()
  const first = await serveProgram(folder)
  const client = connect(first.origin)
  await client.register(ADA)
  const page = asPage(client)
  await page.signIn(ADA)
  const file = await openSqliteFile(`${folder}/aurelius.db`)
  await file.run('BEGIN IMMEDIATE')

  const renewing = page.refresh().catch(() => 'cut')
  // Nothing shows who waits for the file; what comes later has been answered.
  for (let turn = 0; turn < 3; turn += 1) await client.get('/api/auth/settings')
  await first.kill()
  expect(await renewing).toBe('cut')
  await file.run('ROLLBACK')
  await file.close()

  const restarted = asPage(connect((await serveProgram(folder)).origin))
  const renewed = await restarted.refresh(page.cookie)
  expect(renewed.status).toBe(200)
  expect((await restarted.refresh()).status).toBe(200)
})

test('on postgres a renewal whose connection breaks in the middle has spent nothing', async () => {
  const server = await startTestServer({ dialect: 'postgres' })
  const { account } = await server.signUp()
  const page = asPage(server.client)
  await page.signIn(account)
  const { change, read } = await openBeside(server)
  const other = await beginBeside(server)
  await other.run('SELECT id FROM sessions FOR UPDATE')

  const renewing = page.refresh()
  await untilWaiting(server)
  await change(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  expect((await renewing).status).toBe(503)
  await other.commit()

  expect(await read('SELECT spent_at FROM refresh_tokens')).toEqual([{ spent_at: null }])
  expect((await page.refresh()).status).toBe(200)
})

test.each(DIALECTS)('on %s who never got the answer gets the same one from the next server', async (dialect) => {
  const at = Date.now()
  const server = await startTestServer({ dialect, now: () => at })
  const { account } = await server.signUp()
  const page = asPage(server.client)
  await page.signIn(account)
  const shown = page.cookie
  const lost = refreshCookie(await page.refresh())?.value
  await server.close()

  const restarted = asPage((await server.startSibling()).client)

  expect((await restarted.refresh(shown)).status).toBe(200)
  expect(restarted.cookie).toBe(lost)
})
