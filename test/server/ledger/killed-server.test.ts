import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newFolder } from '../../support/new-folder'
import { makeStrategy, send, someEquity, startRun } from '../../support/runs'
import { connect } from '../../support/test-client'

const PROGRAM = resolve(import.meta.dirname, '../../../dist/main/serve.cjs')
const ROWS = 6_000
const BATCH = 100

/** The headless server on a folder of its own; the folder outlives it. */
async function serve(folder: string) {
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PORT: '0',
      SECRET_KEY: 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E',
      DB_STORAGE: join(folder, 'aurelius.db'),
      XDG_CONFIG_HOME: join(folder, 'config'),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  const origin = () => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
  await expect.poll(origin, { timeout: 20_000 }).toBeDefined()
  return { origin: origin() ?? '', kill }
}

test('a server that is killed while a script streams comes back, and the run goes on without loss or repetition', async () => {
  const folder = newFolder()
  const equity = someEquity(ROWS)
  const first = await serve(folder)
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

  const second = await serve(folder)
  const { body: progress } = await ada.at(second.origin).get(`/api/v1/backtests/${id}/progress`)
  expect(progress).toMatchObject({ status: 'running' })
  expect(progress.point_count).toBeGreaterThanOrEqual(acknowledged)
  await stream(second.origin, progress.point_count - BATCH, ROWS) // one batch is sent again, as a careful script does
  const done = await ada.at(second.origin).post(`/api/v1/backtests/${id}/complete`, { point_count: ROWS })

  expect(done).toMatchObject({ status: 200, body: { status: 'completed', point_count: ROWS } })
  const { body: curve } = await ada.at(second.origin).get(`/api/v1/backtests/${id}/curve?points=20000`)
  expect(curve.values).toEqual(equity.map((point) => point.equity))
})
