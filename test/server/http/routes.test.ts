import Router from '@koa/router'
import { expect, onTestFinished, test } from 'vitest'
import { type Endpoint, endpoints } from '../../../contracts/endpoints'
import { checkRoutes, route } from '../../../server/http/route'
import { startServer } from '../../../server/index'
import { testConfig } from '../../support/start-test-server'

async function startedWith(changes: Partial<Record<keyof Endpoint, unknown>>): Promise<unknown> {
  const usual = { ...endpoints.verify }
  onTestFinished(() => {
    for (const key of Object.keys(endpoints.verify))
      if (!(key in usual)) delete (endpoints.verify as object)[key as never]
    Object.assign(endpoints.verify, usual)
  })
  Object.assign(endpoints.verify, changes)
  const { config, secrets } = await testConfig()
  return startServer(config, secrets).then(
    async (server) => {
      await server.close()
      return 'started'
    },
    (error: Error) => error.message,
  )
}

test.each([
  ['no scope', { scope: undefined }],
  ['null for a scope', { scope: null }],
  ['a scope that there is not', { scope: 'ledger:burn' }],
  ['a scope by the name of what every object has', { scope: 'constructor' }],
  ['a scope, though everybody may call it', { access: 'public' }],
])('a server whose contract states %s does not start', async (_what, changes) => {
  expect(await startedWith(changes)).toBe('The contract of get /api/auth/verify does not say which scope it asks for.')
})

test('a server whose contract asks a script for a fresh proof does not start', async () => {
  expect(await startedWith({ fresh: 'always' })).toMatch(/asks for a fresh proof, which only a person can give\.$/)
})

test('the contracts as they are let it start', async () => {
  expect(await startedWith({})).toBe('started')
})

test('a server that lacks an operation of the contracts does not start', async () => {
  const table: Record<string, Endpoint> = endpoints
  onTestFinished(() => {
    delete table.promised
  })
  table.promised = { ...endpoints.verify, path: '/api/promised' }

  expect(await startedWith({})).toBe('Nothing is mounted for get /api/promised.')
})

test.each<[string, (router: Router) => void]>([
  ['without a contract', (router) => router.get('/api/secret', () => undefined)],
  ['around the contract', (router) => router.get(endpoints.verify.path, () => undefined)],
  [
    'behind a handler of its own',
    (router) => {
      route(router, endpoints.verify, () => undefined)
      router.stack[0]?.stack.unshift((_ctx, next) => next())
    },
  ],
  ['for a contract that is not in the table', (router) => route(router, { ...endpoints.verify }, () => undefined)],
  [
    'twice',
    (router) => {
      route(router, endpoints.verify, () => undefined)
      route(router, endpoints.verify, () => undefined)
    },
  ],
])('a route that is mounted %s is found out', (_how, mount) => {
  const router = new Router()
  mount(router)

  expect(() => checkRoutes(router)).toThrow(/is mounted without a contract of its own\.$/)
})
