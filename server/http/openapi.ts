import { z } from 'zod'
import { type Endpoint, endpoints } from '../../contracts/endpoints'
import { problem } from '../../contracts/problem'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document, made from the table of endpoints and the contracts it names. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {}
  for (const [operationId, endpoint] of Object.entries<Endpoint>(endpoints))
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operation(operationId, endpoint) }
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
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: schema(problem, 'output') },
    },
  }
}

function operation(operationId: string, endpoint: Endpoint): Json {
  return {
    operationId,
    summary: endpoint.summary,
    tags: [endpoint.path.split('/')[2]],
    security: endpoint.access === 'bearer' ? [{ bearer: [] }] : [],
    ...(endpoint.body && {
      requestBody: { required: true, content: { 'application/json': { schema: schema(endpoint.body, 'input') } } },
    }),
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: schema(endpoint.reply, 'output') } } },
      ...Object.fromEntries(
        Object.entries(endpoint.failures).map(([status, description]) => [
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

function schema(shape: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Json
  return rest
}
