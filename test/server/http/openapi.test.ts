import { expect, test } from 'vitest'
import { type Endpoint, endpoints } from '../../../contracts/endpoints'
import { roles, SCOPES } from '../../../contracts/scopes'
import { startTestServer } from '../../support/start-test-server'

const table = Object.entries<Endpoint>(endpoints)

async function readDocument() {
  const { client } = await startTestServer()
  const { status, body, headers } = await client.get('/api/openapi.json')
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  return body
}

test('the document is OpenAPI 3.1 and says who made it', async () => {
  const document = await readDocument()

  expect(Object.keys(document).sort()).toEqual([
    'components',
    'info',
    'openapi',
    'paths',
    'servers',
    'x-roles',
    'x-scopes',
  ])
  expect(document.openapi).toMatch(/^3\.1\.\d$/)
  expect(document.info).toMatchObject({ title: 'Aurelius API', version: '0.0.0-test' })
  expect(document.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' })
})

test('every endpoint of the table is in the document, and nothing else', async () => {
  const { paths } = await readDocument()

  const described = Object.entries<object>(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  )
  const inTemplates = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}')
  expect(described.sort()).toEqual(table.map(([, { method, path }]) => `${method} ${inTemplates(path)}`).sort())
  for (const [name, { method, path, access, scope, body, failures, summary, status = 200 }] of table) {
    const operation = paths[inTemplates(path)][method]
    expect(operation).toMatchObject({
      operationId: name,
      summary,
      security: access === 'public' ? [] : [{ [access]: scope ? [scope] : [] }],
    })
    expect(operation['x-required-scope']).toBe(scope ?? undefined)
    expect(Object.keys(operation.responses).sort()).toEqual(
      [...new Set([String(status), ...(scope ? ['403'] : []), ...Object.keys(failures)])].sort(),
    )
    expect('requestBody' in operation).toBe(body !== undefined)
  }
})

test('every reference leads somewhere and every schema is an object with a type', async () => {
  const document = await readDocument()
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '')

  expect(references.length).toBeGreaterThan(0)
  for (const reference of references)
    expect(
      reference.split('/').reduce((at, key) => at?.[key], document),
      reference,
    ).toBeTypeOf('object')
  const { register } = endpoints
  const { schema } = document.paths[register.path].post.requestBody.content['application/json']
  expect(schema).toMatchObject({ type: 'object', required: ['email', 'password', 'name'] })
  expect(schema.properties.password).toMatchObject({ type: 'string', minLength: 8, maxLength: 1024 })
  const { schema: reply } = document.paths[register.path].post.responses[200].content['application/json']
  expect(reply).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: ['access_token', 'token_type', 'expires_in', 'user'],
  })
})

test('the document holds the table of roles that the server goes by', async () => {
  const document = await readDocument()

  expect(document['x-roles']).toEqual(roles)
  expect(Object.keys(document['x-scopes'])).toEqual(SCOPES)
})

test('every endpoint that the table calls public is open to strangers, every other is closed', async () => {
  const { client } = await startTestServer()

  for (const [name, { method, path, access }] of table) {
    const { status } = await client.request(method.toUpperCase(), path)
    expect({ name, closed: status === 401 }).toEqual({ name, closed: access !== 'public' })
  }
})

test('the page for people works offline: all it loads comes from here', async () => {
  const { client } = await startTestServer()

  const page = await client.get('/api/docs')
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const loaded = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
  expect(loaded).toEqual(expect.arrayContaining(['/api-docs/swagger-ui-bundle.js', '/api/docs/start.js']))
  for (const address of loaded) expect(address).toMatch(/^\/[a-z]/)
  expect(page.body).not.toMatch(/<script>|https?:\/\//)
  const script = await client.get('/api/docs/start.js')
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(script.body).toContain("url: '/api/openapi.json'")
})
