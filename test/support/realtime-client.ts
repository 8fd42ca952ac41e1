import { onTestFinished } from 'vitest'
import WebSocket from 'ws'
import type { AccountEvent } from '../../contracts/account-events'
import type { LedgerEvent } from '../../contracts/events'
import {
  REALTIME_PATH,
  REALTIME_PROTOCOL,
  type RealtimeMessage,
  type RealtimeStream,
  realtimeMessage,
} from '../../contracts/realtime'

export interface RealtimeOptions {
  path?: string
  headers?: Record<string, string>
  protocols?: string[]
}

export interface RealtimeClient {
  socket: WebSocket
  /** What came so far; each message was checked against the contract. */
  received: RealtimeMessage[]
  /** The status of a handshake that was refused, or 101. */
  status: Promise<number>
  /** The problem document of a handshake that was refused. */
  refusal: Promise<string>
  closed: Promise<number>
  send(message: unknown): void
  next(): Promise<RealtimeMessage>
  authenticate(token: string): Promise<Told<'authenticated'>>
  /** Follows a stream, and answers what the server says before its events. */
  follow(stream: RealtimeStream, after?: number): Promise<Told<'following'>>
  /** The events of one stream that came so far, or after so many messages. */
  events(stream: 'ledger', from?: number): LedgerEvent[]
  events(stream: 'account', from?: number): AccountEvent[]
}

type Told<Type extends RealtimeMessage['type']> = Extract<RealtimeMessage, { type: Type }>

/** A socket to a server, gone when the test ends. */
export function openRealtime(origin: string, options: RealtimeOptions = {}): RealtimeClient {
  const { path = REALTIME_PATH, headers = {}, protocols = [REALTIME_PROTOCOL] } = options
  const socket = new WebSocket(origin.replace('http', 'ws') + path, protocols, { headers })
  onTestFinished(() => socket.terminate())
  const received: RealtimeMessage[] = []
  const waiting: ((message: RealtimeMessage) => void)[] = []
  let taken = 0
  const opened = new Promise<void>((resolve) => socket.once('open', resolve))
  socket.on('error', () => undefined)
  socket.on('message', (data) => {
    const message = realtimeMessage.parse(JSON.parse(data.toString()))
    received.push(message)
    const waiter = waiting.shift()
    if (waiter) {
      taken += 1
      waiter(message)
    }
  })
  const next = () =>
    new Promise<RealtimeMessage>((resolve) => {
      const message = received[taken]
      if (!message) waiting.push(resolve)
      else {
        taken += 1
        resolve(message)
      }
    })
  const refused = new Promise<{ status: number; body: string }>((resolve) =>
    socket.once('unexpected-response', (_request, reply) => {
      let body = ''
      reply.on('data', (chunk) => {
        body += chunk
      })
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }))
    }),
  )
  const send = (message: unknown) => socket.send(JSON.stringify(message))
  async function expectNext<Type extends RealtimeMessage['type']>(type: Type): Promise<Told<Type>> {
    const message = await next()
    if (message.type !== type) throw new Error(`Not ${type} but ${JSON.stringify(message)}`)
    return message as Told<Type>
  }
  function events(stream: 'ledger', from?: number): LedgerEvent[]
  function events(stream: 'account', from?: number): AccountEvent[]
  function events(stream: RealtimeStream, from = 0): (LedgerEvent | AccountEvent)[] {
    return received
      .slice(from)
      .flatMap((message): (LedgerEvent | AccountEvent)[] =>
        message.type === 'events' && message.stream === stream ? message.events : [],
      )
  }
  return {
    socket,
    received,
    status: Promise.race([opened.then(() => 101), refused.then(({ status }) => status)]),
    refusal: refused.then(({ body }) => body),
    closed: new Promise((resolve) => socket.once('close', (code) => resolve(code))),
    send,
    next,
    async authenticate(token) {
      await opened
      send({ type: 'authenticate', token })
      return expectNext('authenticated')
    },
    follow(stream, after) {
      taken = received.length
      send({ type: 'follow', stream, ...(after === undefined ? {} : { after }) })
      return expectNext('following')
    },
    events,
  }
}
