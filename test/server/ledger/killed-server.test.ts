import { expect, test } from 'vitest'
import { newFolder } from '../../support/new-folder'
import { makeStrategy, send, someEquity, startRun } from '../../support/runs'
import { serveProgram } from '../../support/serve-program'
import { connect } from '../../support/test-client'

const ROWS = 6_000
const BATCH = 100

test('a server that is killed while a script streams comes back, and the run goes on without loss or repetition', async () => {
  const folder = newFolder()
  const equity = someEquity(ROWS)
  const first = await serveProgram(folder)
  const ada = await connect(first.origin).register({
    email: 'ada@example.com',
    password: 'a long enough password',
    name: 'Ada',
  })
  const { id } = await startRun(ada, await makeStrategy(ada), { expected_points: ROWS })
  const stream = async (origin: string, from: number, most: number) => {
    let stored = from
    while (stored < most) {
      const body = JSON.stringify(equity.slice(stored, stored + BATCH))
      const path = `/api/v1/backtests/${id}/points?offset=${stored}`
      const reply = await send(ada.at(origin), path, 'application/json', body)
      expect(reply.status).toBe(200)
      stored = reply.body.point_count
    }
    return stored
  }

  const acknowledged = await stream(first.origin, 0, ROWS / 3)
  const cut = stream(first.origin, acknowledged, ROWS).catch(() => 'cut')
  await first.kill()
  expect(await cut).toBe('cut')

  const second = await serveProgram(folder)
  const { body: progress } = await ada.at(second.origin).get(`/api/v1/backtests/${id}/progress`)
  expect(progress).toMatchObject({ status: 'running' })
  expect(progress.point_count).toBeGreaterThanOrEqual(acknowledged)
  await stream(second.origin, progress.point_count - BATCH, ROWS) // one batch is sent again, as a careful script does
  const done = await ada.at(second.origin).post(`/api/v1/backtests/${id}/complete`, { point_count: ROWS })

  expect(done).toMatchObject({ status: 200, body: { status: 'completed', point_count: ROWS } })
  const { body: curve } = await ada.at(second.origin).get(`/api/v1/backtests/${id}/curve?points=20000`)
  expect(curve.values).toEqual(equity.map((point) => point.equity))
})
