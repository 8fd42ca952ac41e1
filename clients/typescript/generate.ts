type Json = Record<string, unknown>

/** What of an OpenAPI 3.1 document this reads. */
export interface OpenApi {
  info: { version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json> }
}

interface Operation {
  operationId: string
  summary: string
  parameters?: { name: string; in: string; required?: boolean; schema: Json }[]
  requestBody?: { content: Record<string, { schema: Json }> }
  responses: Record<string, { content?: Record<string, { schema: Json }> }>
}

const REFERENCE = /^#\/(?:components\/schemas|\$defs)\/(\w+)$/
const NAME = /^[A-Za-z_$][\w$]*$/

/**
 * The text of `aurelius.ts`: types of every operation and a client of a few lines. openapi-typescript, which does as much,
 * needs the compiler's programming interface of TypeScript 5; this project compiles with 7, which has none.
 *
 * @param runtime what follows the types: the same for every document
 */
export function generateClient(document: OpenApi, runtime: string): string {
  const named = new Map<string, string>() // the text of a type to the first name it was given
  const types: string[] = []
  const name = (wanted: string, text: string): string => {
    if (!text.includes('{')) return text
    const known = named.get(text)
    if (known !== undefined) return known
    named.set(text, wanted)
    types.push(`export type ${wanted} = ${text}`)
    return wanted
  }
  for (const [schemaName, schema] of Object.entries(document.components.schemas)) name(schemaName, typeOf(schema))

  const operations: string[] = []
  const routes: string[] = []
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const { operationId: id, summary } = operation
      const upper = `${id.charAt(0).toUpperCase()}${id.slice(1)}`
      const body = operation.requestBody?.content['application/json']?.schema
      const fields = [
        ['params', parametersOf(operation, 'path')],
        ['query', parametersOf(operation, 'query')],
        ['body', body && name(`${upper}Body`, typeOf(body))],
      ].flatMap(([field, text]) => (text === undefined ? [] : [`    ${field}${isOptional(text) ? '?' : ''}: ${text}`]))
      operations.push(
        `  /** ${summary.replaceAll('*/', '* /')}. */\n  ${id}: {\n${fields.join('\n')}${fields.length > 0 ? '\n' : ''}    reply: ${name(`${upper}Reply`, replyOf(operation))}\n  }`,
      )
      routes.push(`  ${id}: ['${method.toUpperCase()}', '${path}'],`)
    }
  }
  return `${HEADER}
${types.join('\n\n')}

/** What each operation takes and answers. */
export interface Operations {
${operations.join('\n')}
}

const ROUTES: Record<keyof Operations, readonly [method: string, path: string]> = {
${routes.join('\n')}
}
${runtime.slice(runtime.indexOf(CUT) + CUT.length)}`
}

const HEADER = `/**
 * Aurelius from TypeScript and JavaScript: every operation of the API, typed, without dependencies.
 * Made from the OpenAPI document by \`npm run clients\`; not to be edited.
 */
`
const CUT = '// --- what follows is copied into the client ---\n'

function parametersOf({ parameters = [] }: Operation, where: string): string | undefined {
  const found = parameters.filter((parameter) => parameter.in === where)
  if (found.length === 0) return undefined
  const fields = found.map(({ name, required, schema }) => `${keyOf(name)}${required ? '' : '?'}: ${typeOf(schema)}`)
  return `{ ${fields.join('; ')} }`
}

/** Whether nothing in it has to be given. */
const isOptional = (text: string) => text.startsWith('{') && !/[^?]: /.test(text)

function replyOf({ responses }: Operation): string {
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? []
  const [type, content] = Object.entries(success?.content ?? {})[0] ?? []
  return type === 'application/json' && content ? typeOf(content.schema) : 'ArrayBuffer'
}

const keyOf = (name: string) => (NAME.test(name) ? name : JSON.stringify(name))

/** A JSON Schema, as far as the contracts use it, as a type. */
export function typeOf(schema: Json): string {
  if (typeof schema.$ref === 'string') return REFERENCE.exec(schema.$ref)?.[1] ?? 'unknown'
  if ('const' in schema) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return schema.enum.map((each) => JSON.stringify(each)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (Array.isArray(choices)) return union(choices.map((each: Json) => typeOf(each)))
  if (Array.isArray(schema.allOf)) return schema.allOf.map((each: Json) => `(${typeOf(each)})`).join(' & ')
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type })))
  switch (schema.type) {
    case 'string':
      return 'string'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return arrayOf(schema)
    case 'object':
      return objectOf(schema)
    default:
      return 'unknown'
  }
}

const union = (types: string[]) => [...new Set(types)].join(' | ')

function arrayOf({ prefixItems, items }: Json): string {
  if (Array.isArray(prefixItems)) return `[${prefixItems.map((each: Json) => typeOf(each)).join(', ')}]`
  const item = typeOf((items ?? {}) as Json)
  return /[ |&]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
}

function objectOf({ properties, required, additionalProperties }: Json): string {
  const fields = Object.entries((properties ?? {}) as Record<string, Json>).map(([name, schema]) => {
    const isRequired = Array.isArray(required) && required.includes(name)
    return `${keyOf(name)}${isRequired ? '' : '?'}: ${typeOf(schema)}`
  })
  const rest = typeof additionalProperties === 'object' ? typeOf(additionalProperties as Json) : 'unknown'
  return fields.length > 0 ? `{ ${fields.join('; ')} }` : `Record<string, ${rest}>`
}
