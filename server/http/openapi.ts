import { z } from 'zod'
import { API_KEY_PATTERN } from '../../contracts/api-keys'
import { tokenReply } from '../../contracts/auth'
import { type Endpoint, endpoints } from '../../contracts/endpoints'
import { problem } from '../../contracts/problem'
import { refreshCookieName } from '../../contracts/refresh-cookie'
import { roles, scopes } from '../../contracts/scopes'

type Json = Record<string, unknown>

const KEY_PROOF = {
  name: 'DPoP',
  in: 'header',
  required: false,
  description:
    'From a page of this origin: proof of a key that its browser keeps (RFC 9449, ES256), without which the session that begins here is not renewed.',
  schema: { type: 'string' },
}

/** The OpenAPI 3.1 document, made from the table of endpoints and the contracts it names. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {}
  for (const [operationId, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method]: operation(operationId, endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aurelius API',
      version,
      description:
        'Accounts and research ledger of the Aurelius on this machine. Failures are RFC 9457 problem documents.',
    },
    servers: [{ url: '/' }],
    paths,
    'x-scopes': Object.fromEntries(
      Object.entries(scopes).map(([name, { allows, forKeys }]) => [name, { allows, api_keys: forKeys }]),
    ),
    'x-roles': roles,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: `An access token (a JWT), or an API key (${API_KEY_PATTERN}) where its scopes include what is asked for.`,
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: refreshCookieName('127.0.0.1:8000'),
          description: 'Its name ends in the port of the address in use.',
        },
      },
      schemas: { Problem: schema(problem, 'output') },
    },
  }
}

function operation(operationId: string, endpoint: Endpoint): Json {
  return {
    operationId,
    summary: endpoint.summary,
    tags: [endpoint.path.split('/')[2]],
    // For bearer tokens the list holds what the caller must be allowed (OpenAPI 3.1 section 4.8.30).
    security: endpoint.access === 'public' ? [] : [{ [endpoint.access]: endpoint.scope ? [endpoint.scope] : [] }],
    ...(endpoint.scope && { 'x-required-scope': endpoint.scope }),
    ...(endpoint.fresh && { 'x-fresh-proof': endpoint.fresh }),
    ...parameters(endpoint),
    ...(endpoint.body && {
      requestBody: { required: true, content: { 'application/json': { schema: schema(endpoint.body, 'input') } } },
    }),
    responses: {
      [endpoint.status ?? 200]: {
        description: 'Done',
        content: Object.fromEntries(
          (endpoint.replyTypes ?? ['application/json']).map((type) => [
            type,
            { schema: schema(endpoint.reply, 'output') },
          ]),
        ),
      },
      ...Object.fromEntries(
        Object.entries({ ...refusal(endpoint), ...endpoint.failures }).map(([status, description]) => [
          status,
          {
            description,
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  }
}

function refusal({ scope, fresh }: Endpoint): Record<number, string> {
  if (scope === null) return {}
  const whose = fresh === 'with_second_factor' ? 'the account has a second factor and ' : ''
  const stale = fresh ? `, or ${whose}the last proof is older than five minutes (\`fresh_proof_required\`)` : ''
  return { 403: `Neither the role nor the key of the caller includes ${scope}${stale}` }
}

function parameters({ path, query, reply }: Endpoint): Json {
  const all = [...pathParameters(path), ...queryParameters(query), ...(reply === tokenReply ? [KEY_PROOF] : [])]
  return all.length > 0 ? { parameters: all } : {}
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = schema(query, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: shape,
  }))
}

function schema(shape: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Json
  return rest
}
