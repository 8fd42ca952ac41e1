import type { z } from 'zod'
import type { Endpoint } from '../contracts/endpoints'
import { type Problem, problem } from '../contracts/problem'
import { CommandError, EXIT } from './exit-codes'

const LIMIT_MS = 10_000
const NO_ANSWER = 'Aurelius does not answer: look whether it is running, and start it again if need be.'
const NOT_UNDERSTOOD = 'What answers there is no Aurelius of this version: update both to the same one.'

const EXIT_OF_STATUS: Record<number, number> = {
  400: EXIT.data,
  401: EXIT.noPermission,
  403: EXIT.noPermission,
  404: EXIT.noInput,
  409: EXIT.data,
  413: EXIT.data,
  422: EXIT.data,
  429: EXIT.tryAgain,
  503: EXIT.tryAgain,
}

/** The server said no, and why. */
export class ServerRefusal extends CommandError {
  readonly problem: Problem
  constructor(said: Problem) {
    super(EXIT_OF_STATUS[said.status] ?? EXIT.software, sentences(said))
    this.problem = said
  }
}

/** What the server said, and where it counts rows, each of them. */
function sentences({ detail, errors = [] }: Problem): string {
  const rows = errors.filter(({ code }) => code === 'invalid_row')
  return rows.length === 0 ? detail : rows.map(({ message }) => message).join('\n')
}

/** Nobody answers, or the answer was lost on its way. */
export class NoAnswer extends CommandError {
  constructor(cause: unknown) {
    super(EXIT.unavailable, NO_ANSWER, { cause })
  }
}

export interface Call {
  token?: string
  body?: unknown
  headers?: Record<string, string>
  /** Sent as they are, in place of a body of JSON. */
  bytes?: Uint8Array<ArrayBuffer>
  query?: Record<string, string | number | undefined>
  /** How long to wait for the answer; ten seconds where nothing is said. */
  limitMs?: number
  /** Takes the place of `:id` and the like in the path. */
  params?: Record<string, string>
}

/**
 * Calls an operation of the running server and answers its reply, checked against the contract.
 *
 * @throws {CommandError} in the server's words, or that it does not answer
 */
export async function callServer<E extends Endpoint>(
  origin: string,
  endpoint: E,
  call: Call = {},
): Promise<z.infer<E['reply']>> {
  return (await exchange(origin, endpoint, call)).reply
}

/** As `callServer`, with the cookies that came along, each as the header has it. */
export async function exchange<E extends Endpoint>(
  origin: string,
  endpoint: E,
  call: Call = {},
): Promise<{ reply: z.infer<E['reply']>; cookies: string[] }> {
  const { text, cookies } = await send(origin, endpoint, call)
    .then(async (reply) => ({ text: await reply.text(), cookies: reply.headers.getSetCookie() }))
    .catch((cause: unknown) => Promise.reject(new NoAnswer(cause)))
  const content = parsed(text)
  const refusal = problem.safeParse(content)
  if (refusal.success) throw new ServerRefusal(refusal.data)
  const reply = endpoint.reply.safeParse(content)
  if (!reply.success) throw new CommandError(EXIT.unavailable, NOT_UNDERSTOOD)
  return { reply: reply.data as z.infer<E['reply']>, cookies }
}

/**
 * The reply of an operation that answers no JSON, to be read as it comes.
 *
 * @throws {CommandError} in the server's words, or that it does not answer
 */
export async function openReply(origin: string, endpoint: Endpoint, call: Call = {}): Promise<Response> {
  const reply = await send(origin, endpoint, call).catch((cause: unknown) => Promise.reject(new NoAnswer(cause)))
  if (reply.ok) return reply
  const refusal = problem.safeParse(parsed(await reply.text()))
  if (refusal.success) throw new ServerRefusal(refusal.data)
  throw new CommandError(EXIT.unavailable, NOT_UNDERSTOOD)
}

function send(
  origin: string,
  { method, path }: Endpoint,
  { token, body, bytes, headers = {}, query = {}, params = {}, limitMs = LIMIT_MS }: Call,
): Promise<Response> {
  const place = path.replace(/:(\w+)/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''))
  const asked = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return fetch(`${origin}${place}${asked.length > 0 ? `?${new URLSearchParams(asked)}` : ''}`, {
    method: method.toUpperCase(),
    redirect: 'error',
    signal: AbortSignal.timeout(limitMs),
    headers: {
      accept: 'application/json, application/problem+json, */*;q=0.1',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(bytes !== undefined ? { body: bytes } : body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
