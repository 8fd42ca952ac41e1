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
  422: EXIT.data,
  429: EXIT.tryAgain,
  503: EXIT.tryAgain,
}

/** The server said no, and why. */
export class ServerRefusal extends CommandError {
  readonly problem: Problem
  constructor(said: Problem) {
    super(EXIT_OF_STATUS[said.status] ?? EXIT.software, said.detail)
    this.problem = said
  }
}

export interface Call {
  token?: string
  body?: unknown
  headers?: Record<string, string>
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
  { token, body, headers = {}, params = {} }: Call = {},
): Promise<{ reply: z.infer<E['reply']>; cookies: string[] }> {
  const path = endpoint.path.replace(/:(\w+)/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''))
  const request = {
    method: endpoint.method.toUpperCase(),
    redirect: 'error',
    signal: AbortSignal.timeout(LIMIT_MS),
    headers: {
      ...headers,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  } satisfies RequestInit
  const { text, cookies } = await fetch(origin + path, request)
    .then(async (reply) => ({ text: await reply.text(), cookies: reply.headers.getSetCookie() }))
    .catch((cause: unknown) => Promise.reject(new CommandError(EXIT.unavailable, NO_ANSWER, { cause })))
  const content = parsed(text)
  const refusal = problem.safeParse(content)
  if (refusal.success) throw new ServerRefusal(refusal.data)
  const reply = endpoint.reply.safeParse(content)
  if (!reply.success) throw new CommandError(EXIT.unavailable, NOT_UNDERSTOOD)
  return { reply: reply.data as z.infer<E['reply']>, cookies }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
