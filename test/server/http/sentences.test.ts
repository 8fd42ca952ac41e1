import { expect, test } from 'vitest'
import type { z } from 'zod'
import { type Endpoint, endpoints } from '../../../contracts/endpoints'
import { startTestServer } from '../../support/start-test-server'
import type { Reply, TestClient } from '../../support/test-client'

const MARKER = 'Marker5ecret'
const MACHINE_WORDS =
  /invalid (input|option|string|number|iso|key|value|e-?mail)|expected|received|too (small|big):|unrecogni|unexpected|undefined|pattern|\bnan\b|[<>]=|regex|\bzod\b/i
const WRONG = [null, -1, 1.5, 1e300, '', MARKER, `${MARKER}\n\u0000`, 'x'.repeat(11_000), [], [MARKER], { [MARKER]: 1 }]
const WRONG_BODIES = ['', 'null', '[]', '[null]', '1', `"${MARKER}"`, `{"${MARKER}":"${MARKER}"}`, `{"${MARKER}`, '{}']
const WRONG_TEXTS = ['', '-1', '0', '1.5', '1e99', MARKER, '%00', 'x'.repeat(3_000)]

type Shape = z.core.$ZodType & {
  _zod: { def: { shape?: Record<string, Shape>; element?: Shape; innerType?: Shape; in?: Shape; options?: Shape[] } }
}

/** Something in the outline of a shape, with one value in all places and a field that is not known. */
function filled(shape: Shape, value: unknown): unknown {
  const { shape: fields, element, innerType, in: before, options } = shape._zod.def
  if (fields)
    return {
      ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, filled(field, value)])),
      [MARKER]: MARKER,
    }
  if (element) return [filled(element, value)]
  const inner = innerType ?? before ?? options?.[0]
  return inner ? filled(inner, value) : value
}

function fieldsOf(shape: Shape): string[] {
  const { shape: fields, innerType, in: before } = shape._zod.def
  const inner = innerType ?? before
  return fields ? Object.keys(fields) : inner ? fieldsOf(inner) : []
}

/** All requests of an operation that are not right, one after the other. */
async function* refusals(client: TestClient, endpoint: Endpoint, path: string): AsyncGenerator<Reply> {
  const { query, body, method } = endpoint
  const send = (to: string, sent?: unknown, raw?: string) =>
    client.request(
      method.toUpperCase(),
      to,
      sent,
      raw === undefined ? {} : { raw, headers: { 'content-type': 'application/json' } },
    )
  if (query) {
    yield await send(`${path}?${MARKER}=${MARKER}`)
    for (const text of WRONG_TEXTS)
      yield await send(
        `${path}?${fieldsOf(query as unknown as Shape)
          .map((name) => `${name}=${text}`)
          .join('&')}`,
      )
  }
  if (!body) return
  const shape = body as unknown as Shape
  const to = query ? `${path}?offset=0` : path
  for (const raw of WRONG_BODIES) yield await send(to, undefined, raw)
  for (const value of WRONG) {
    yield await send(to, filled(shape, value))
    yield await send(to, Object.fromEntries(fieldsOf(shape).map((name) => [name, value])))
  }
}

test('whatever is wrong with a request is said in sentences for people, which repeat nothing of it', async () => {
  const server = await startTestServer()
  const ada = await server.setUp()
  const { body: strategy } = await ada.post('/api/v1/strategies', { name: 'Momentum', strategy_type: 'momentum' })
  const { body: run } = await ada.post('/api/v1/backtests', { strategy_id: strategy.id })
  const operations = Object.values<Endpoint>(endpoints).filter(({ query, body }) => query ?? body)
  const said = new Map<string, string>()

  for (const endpoint of operations) {
    const path = endpoint.path
      .replace('/backtests/:id', `/backtests/${run.id}`)
      .replace('/strategies/:id', `/strategies/${strategy.id}`)
      .replace(':gate', 'dev')
      .replaceAll(/:\w+/g, 'x')
    for await (const { status, body, headers } of refusals(ada, endpoint, path)) {
      if (status < 400) continue
      expect(status).toBeLessThan(500)
      expect(JSON.stringify([body, ...headers])).not.toMatch(new RegExp(MARKER, 'i'))
      const errors: { message: string }[] = body.errors ?? []
      for (const sentence of [body.detail, ...errors.map(({ message }) => message)])
        said.set(sentence, `${endpoint.method} ${endpoint.path}`)
    }
  }

  const bad = [...said].filter(([text]) => MACHINE_WORDS.test(text) || !/^[A-Z][^\n]*[\w)]\.$/.test(text))
  expect(bad).toEqual([])
  expect(said.size).toBeGreaterThan(80)
}, 120_000)

const FAULTS: [sent: unknown, field: string, message: string][] = [
  [undefined, 'body', 'The request body is empty: send a JSON object.'],
  [[], 'body', 'This must be an object with named fields.'],
  [{}, 'strategy_id', 'This field is required.'],
  [{ strategy_id: 1 }, 'strategy_id', 'This must be text.'],
  [{ initial_capital: MARKER }, 'initial_capital', 'This must be a number.'],
  [{ seed: 1.5 }, 'seed', 'This must be a whole number.'],
  [{ risk_free_rate: -1 }, 'risk_free_rate', 'This must be at least -0.05.'],
  [{ risk_free_rate: 11 }, 'risk_free_rate', 'This must be at most 0.5.'],
  [{ start_date: MARKER }, 'start_date', 'This must be a day such as 2026-01-31.'],
  [
    { trials: { count: 1, sharpe_variance: null, [MARKER]: 1 } },
    'trials',
    'There is a field here that is not known: the fields are count, sharpe_variance.',
  ],
  [{ currency: MARKER }, 'currency', 'A currency is a code such as USD.'],
]

test('a fault is told of by its field, in words that fit it', async () => {
  const ada = await (await startTestServer()).signUp()

  for (const [sent, field, message] of FAULTS) {
    const reply = await ada.post('/api/v1/backtests', sent, {
      ...(sent === undefined ? { raw: '', headers: { 'content-type': 'application/json' } } : {}),
    })

    expect(reply.status).toBe(422)
    expect(reply.body.errors).toContainEqual({ field, message, code: expect.any(String) })
  }
})
