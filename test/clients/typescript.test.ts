import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { AureliusError, createClient } from '../../clients/typescript/aurelius'
import { generateClient, type OpenApi, typeOf } from '../../clients/typescript/generate'
import { makeKey } from '../support/api-keys'
import { startTestServer } from '../support/start-test-server'

const FOLDER = resolve(import.meta.dirname, '../../clients/typescript')

test('the client is what the OpenAPI document of the running server gives; npm run clients makes it anew', async () => {
  const { client } = await startTestServer()
  const { body } = await client.get('/api/openapi.json')

  const text = generateClient(body as OpenApi, readFileSync(join(FOLDER, 'runtime.ts'), 'utf8'))

  await expect(text).toMatchFileSnapshot(join(FOLDER, 'aurelius.ts'))
})

test('the client records a run and reads it back, and raises what the server refuses', async () => {
  const server = await startTestServer()
  const ada = await server.signUp('Ada')
  const { secret } = await makeKey(ada, { scopes: ['ledger:read', 'ledger:write'] })
  const client = createClient({ origin: server.origin, key: secret })

  const { id: strategy_id } = await client.createStrategy({
    body: { name: 'Carry & more', strategy_type: 'carry', parameters: { window: 20 } },
  })
  const record = () =>
    client.recordBacktest({
      body: {
        strategy_id,
        equity: [
          ['2024-01-02', 100],
          ['2024-01-03', 110],
        ],
      },
      idempotencyKey: 'once',
    })
  const [run, again] = [await record(), await record()]
  const { backtests, total } = await client.backtests({ query: { strategy_id } })
  const curve = await client.backtestCurve({ params: { id: run.id } })
  const archive = await client.strategyEvidence({ params: { id: strategy_id } })
  const refusal = await client
    .recordBacktest({
      body: {
        strategy_id,
        equity: [
          ['2024-01-02', 1],
          ['2024-01-02', 2],
        ],
      },
    })
    .catch((error) => error)
  const missing = await client.strategy({ params: { id: '../strategies?x=1' } }).catch((error) => error)

  expect(run.metrics?.figures.total_return).toBeCloseTo(0.1, 12)
  expect(again.id).toBe(run.id)
  expect({ total, names: backtests.map(({ strategy_name }) => strategy_name) }).toEqual({
    total: 1,
    names: ['Carry & more'],
  })
  expect(curve.values).toEqual([100, 110])
  expect(new Uint8Array(archive).slice(0, 2)).toEqual(new Uint8Array([0x1f, 0x8b]))
  expect(refusal).toBeInstanceOf(AureliusError)
  expect(refusal).toMatchObject({
    status: 422,
    code: 'validation_failed',
    errors: [{ message: expect.stringMatching(/^Row 2/) }],
  })
  expect(missing).toMatchObject({ status: 404, code: 'not_found' })
  expect((await client.strategies()).total).toBe(1)

  // A version that the strategy does not have is nobody's, and a name is taken also in the archive.
  const equity = [
    ['2024-01-02', 1],
    ['2024-01-03', 2],
  ] satisfies [string, number][]
  const foreign = await client
    .recordBacktest({ body: { strategy_id, strategy_version: 2, equity } })
    .catch((error) => error)
  expect(foreign).toMatchObject({ status: 422, errors: [{ field: 'strategy_version' }] })
  const second = await client.createStrategyVersion({
    params: { id: strategy_id },
    body: { parameters: { window: 5 } },
  })
  const ofSecond = await client.recordBacktest({ body: { strategy_id, strategy_version: second.version, equity } })
  await client.archiveStrategy({ params: { id: strategy_id } })
  const named = (status?: 'any') =>
    client.strategies({ query: { search: 'Carry & more', ...(status ? { status } : {}) } })
  const { events } = await client.recentEvents({ query: { strategy_id, limit: 2 } })
  expect(ofSecond.strategy_version).toBe(2)
  expect([(await named()).total, (await named('any')).total]).toEqual([0, 1])
  expect(events).toMatchObject([{ data: { change: 'archived' }, actor_name: 'Ada' }, { type: 'backtest.completed' }])
  expect((await client.backtests({ query: { strategy_id } })).total).toBe(2)
  expect(() => createClient({ origin: 'http://example.com', key: secret })).toThrow(/in clear/)
  expect(String(refusal) + JSON.stringify(refusal)).not.toContain(secret)
})

test.each([
  [{ type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } }, '(string | null)[]'],
  [{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] }, '[string, number]'],
  [{ type: 'object', properties: { 'a-b': { const: 1 } }, required: ['a-b'] }, '{ "a-b": 1 }'],
  [{ type: 'object', additionalProperties: { type: 'number' } }, 'Record<string, number>'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ enum: ['a', 'b'] }, '"a" | "b"'],
  [{ $ref: '#/components/schemas/Problem' }, 'Problem'],
  [{}, 'unknown'],
])('the schema %j is the type %s', (schema, type) => {
  expect(typeOf(schema)).toBe(type)
})
