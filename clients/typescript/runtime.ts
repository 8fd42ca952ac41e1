/** The part of the client that does not depend on the API; `Operations` and `ROUTES` stand in for what is generated. */
export interface Operations {
  example: { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown; reply: unknown }
}

const ROUTES: Record<keyof Operations, readonly [method: string, path: string]> = { example: ['GET', '/'] }

// --- what follows is copied into the client ---

/** The server said no. `code` is a stable word to branch on; `errors` says which field or row is wrong, and why. */
export class AureliusError extends Error {
  override name = 'AureliusError'
  readonly status: number
  readonly code: string
  readonly errors: { field: string; message: string; code: string }[]

  constructor(status: number, problem: { detail?: string; code?: string; errors?: AureliusError['errors'] }) {
    super(problem.detail ?? `Aurelius answered with status ${status}.`)
    this.status = status
    this.code = problem.code ?? 'unknown'
    this.errors = problem.errors ?? []
  }
}

export interface ClientOptions {
  /** Where the API is: AURELIUS_URL in a script that `aurelius run` started. */
  origin: string
  /** An API key, or what gives one or an access token: AURELIUS_API_KEY in such a script. */
  key: string | (() => string | Promise<string>)
  /** Instead of the fetch that is there. */
  fetch?: typeof fetch
}

interface More {
  /** Makes it safe to send a request again that starts or records a run. */
  idempotencyKey?: string
  signal?: AbortSignal
}

type Input<Name extends keyof Operations> = Omit<Operations[Name], 'reply'> & More
type Needed<Name extends keyof Operations> =
  Record<never, never> extends Omit<Operations[Name], 'reply'> ? [input?: Input<Name>] : [input: Input<Name>]

/** Each operation by its name: `client.strategies({ query: { search: 'carry' } })`. */
export type Client = {
  [Name in keyof Operations]: (...input: Needed<Name>) => Promise<Operations[Name]['reply']>
}

/** @throws {TypeError} the key would cross the network in clear */
export function createClient({ origin, key, fetch: send = globalThis.fetch }: ClientOptions): Client {
  const base = new URL(origin)
  if (base.protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(base.hostname))
    throw new TypeError('The key would cross the network in clear: use https for another machine.')

  async function call(
    [method, path]: readonly [string, string],
    input: { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown } & More = {},
  ): Promise<unknown> {
    const { params = {}, query = {}, body, idempotencyKey, signal } = input
    const url = new URL(
      path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(params[name] ?? '')),
      base,
    )
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const headers: Record<string, string> = {
      accept: 'application/json, application/problem+json, */*;q=0.1',
      authorization: `Bearer ${typeof key === 'string' ? key : await key()}`,
    }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey
    const reply = await send(url, {
      method,
      headers,
      redirect: 'error',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    const isJson = /[/+]json(;|$)/.test(reply.headers.get('content-type') ?? '')
    if (!reply.ok) throw new AureliusError(reply.status, isJson ? await reply.json() : {})
    return isJson ? reply.json() : reply.arrayBuffer()
  }

  return Object.fromEntries(
    Object.entries(ROUTES).map(([name, route]) => [name, (input?: object) => call(route, input)]),
  ) as Client
}
