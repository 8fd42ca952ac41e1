import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { makeStrategy } from '../../support/runs'
import { DIALECTS, startTestServer, type TestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const MINUTE_MS = 60_000
const START = Date.UTC(2020, 0, 1)
const SEGMENTS = 70_000 // points, more than one segment holds

const points = (count: number, from: number, level: number) =>
  new Uint8Array(
    new Float64Array(
      Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? from + (at / 2) * MINUTE_MS : level + Math.sin(at))),
    ).buffer,
  )

describe.each(DIALECTS)('on %s', (dialect) => {
  test('an upload that was overtaken leaves nothing below the count, and the run is scored without it', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const strategy = await makeStrategy(ada)
    const start = async () => (await ada.post('/api/v1/backtests', { strategy_id: strategy })).body.id as string
    const append = (id: string, raw: Uint8Array<ArrayBuffer>) =>
      ada.request('POST', `/api/v1/backtests/${id}/points?offset=0`, undefined, {
        raw,
        headers: { 'content-type': 'application/octet-stream' },
      })
    const [id, undisturbed] = [await start(), await start()]
    const slow = openUpload(server, ada, `/api/v1/backtests/${id}/points?offset=0`)
    const long = points(SEGMENTS, START + 30 * 86_400_000, 500)
    slow.write(long.subarray(0, 1_600))
    await pause(300) // until it has begun: nothing tells

    expect((await append(id, points(10, START, 100))).status).toBe(200)
    slow.write(long.subarray(1_600))
    const refused = await slow.end()
    expect(refused).toMatchObject({ status: 409, body: { code: 'offset_conflict' } })

    await append(undisturbed, points(10, START, 100))
    const complete = (run: string) => ada.post(`/api/v1/backtests/${run}/complete`, { point_count: 10 })
    const [{ body: one }, { body: other }] = [await complete(id), await complete(undisturbed)]
    expect(one).toMatchObject({ status: 'completed', point_count: 10, result_hash: other.result_hash })
    expect(one.metrics.figures.total_return).toBe(other.metrics.figures.total_return)
  })
})

/** A request whose body comes piece by piece. */
function openUpload({ origin }: TestServer, { token }: TestClient, path: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
  const upload = request(`${origin}${path}`, { method: 'POST', headers })
  const answer = new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    upload.on('error', reject)
    upload.on('response', async (response) => {
      const pieces: Buffer[] = []
      for await (const piece of response) pieces.push(piece)
      resolve({ status: response.statusCode, body: JSON.parse(Buffer.concat(pieces).toString()) })
    })
  })
  return {
    write: (bytes: Uint8Array) => upload.write(bytes),
    end() {
      upload.end()
      return answer
    },
  }
}
