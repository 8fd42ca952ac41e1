import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'
import type { WebSocketServer } from 'ws'
import {
  REALTIME_BEARER_PROTOCOL,
  REALTIME_CLOSE,
  REALTIME_LIMITS,
  REALTIME_PATH,
  REALTIME_PROTOCOL,
  type RealtimeStream,
} from '../../contracts/realtime'
import type { Accounts } from '../auth/accounts'
import type { Principal } from '../auth/principal'
import { AppError, BusyError } from '../errors'
import { limited } from '../http/attempts'
import { type Handshake, handshakeOf } from '../http/handshake'
import { requireEnrolled } from '../http/principal'
import { originOf } from '../http/request-origin'
import { apiKeyPolicy } from '../limits/rules'
import { type Connection, type ConnectionSurroundings, type Credential, createConnection } from './connection'
import type { Stream } from './stream'

const TICK_MS = 1_000
const RETRY_AFTER_SECONDS = 5
const KEY = /^[+/0-9a-z]{22}==$/i // RFC 6455 section 4.2.1: 16 bytes

export type Realtime = ReturnType<typeof openRealtime>

export interface RealtimeDependencies {
  accounts: Pick<Accounts, 'authenticate' | 'watch'>
  streams: Record<RealtimeStream, Stream>
  now: () => number
}

/** The sockets of this node: who may open one, what each follows, and how it ends as soon as its session does. */
export function openRealtime({ accounts: { authenticate, watch }, streams, now }: RealtimeDependencies) {
  const connections = new Set<Connection>()
  let sockets: Promise<WebSocketServer> | undefined
  let isClosed = false
  const ticking = setInterval(() => {
    for (const connection of connections) connection.tick()
  }, TICK_MS)
  ticking.unref()
  watch((userId) => {
    for (const connection of connections) if (userId === null || connection.userId() === userId) connection.recheck()
  })

  const count = (matches: (connection: Connection) => boolean) => [...connections].filter(matches).length
  const admit = (userId: string) =>
    count((connection) => connection.userId() === userId) < REALTIME_LIMITS.connectionsPerUser

  const follow: ConnectionSurroundings['follow'] = (connection, stream, after) =>
    streams[stream].follow(connection, after)

  /** Who shows a credential on the socket that a request has opened. */
  function checkFor(ctx: Context) {
    const origin = originOf(ctx)
    return async (text: string): Promise<Principal> => {
      const principal = await authenticate(`Bearer ${text}`, origin, (account, lookUp) =>
        limited(ctx, apiKeyPolicy, account, lookUp),
      )
      requireEnrolled(principal)
      return principal
    }
  }

  /** Whoever has shown nothing yet makes room for who comes now, so that nobody can keep all places by showing nothing. */
  function requireRoom(isKnown: boolean): void {
    if (isClosed || connections.size >= REALTIME_LIMITS.connections) throw new BusyError(RETRY_AFTER_SECONDS)
    const unknown = [...connections].filter((connection) => connection.userId() === undefined)
    if (unknown.length >= REALTIME_LIMITS.connectionsWithoutCredential && !isKnown)
      unknown[0]?.close(REALTIME_CLOSE.authenticationTimeout, 'Others are waiting to show who they are.')
  }

  function leave(connection: Connection): void {
    connections.delete(connection)
    for (const stream of Object.values(streams)) stream.leave(connection)
  }

  return {
    /**
     * Answers a request for the socket, after the host and the origin were checked.
     *
     * @throws {AppError} it is no WebSocket handshake, carries something in its address, or a token that does not count
     */
    async answer(ctx: Context): Promise<void> {
      ctx._matchedRoute = REALTIME_PATH
      const handshake = requireHandshake(ctx)
      const check = checkFor(ctx)
      const token = offered(ctx.req).find((name) => name.startsWith(REALTIME_BEARER_PROTOCOL))
      const shown = token === undefined ? undefined : await credentialOf(token.slice(REALTIME_BEARER_PROTOCOL.length))
      sockets ??= loadSockets()
      const opened = await sockets
      requireRoom(shown !== undefined)
      // From here on the reply is the socket's.
      ctx.respond = false
      ctx.res.detachSocket(ctx.req.socket)
      ctx.res.statusCode = 101
      opened.handleUpgrade(ctx.req, handshake.socket, handshake.head, (socket) => {
        const connection = createConnection(socket, handshake.socket, { check, admit, follow, now }, shown)
        connections.add(connection)
        socket.once('close', () => leave(connection))
        // What ended while the token was on its way here was told to nobody.
        connection.recheck()
      })

      async function credentialOf(text: string): Promise<Credential> {
        return { text, principal: await check(text) }
      }
    },

    close(): void {
      isClosed = true
      clearInterval(ticking)
      for (const stream of Object.values(streams)) stream.close()
      for (const connection of connections) connection.close(REALTIME_CLOSE.goingAway, 'The server stops.')
    },
  }
}

function requireHandshake(ctx: Context): Handshake {
  const handshake = handshakeOf(ctx.req)
  const { 'sec-websocket-key': key, 'sec-websocket-version': version } = ctx.req.headers
  if (!handshake || version !== '13' || !KEY.test(String(key)))
    throw new AppError('invalid_request', 426, 'This address answers WebSocket clients alone.', {
      headers: { Upgrade: 'websocket', Connection: 'Upgrade, close', 'Sec-WebSocket-Version': '13' },
    })
  if (ctx.querystring !== '')
    throw new AppError(
      'invalid_request',
      400,
      'The address of the socket takes no parameters: send the access token as the first message.',
    )
  return handshake
}

/** A frame is small and the network is this machine's: compressing would cost more than it saves. */
async function loadSockets(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws')
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: REALTIME_LIMITS.messageBytes,
    // A token is never echoed, so the other name is all there is to choose.
    handleProtocols: (names) => (names.has(REALTIME_PROTOCOL) ? REALTIME_PROTOCOL : false),
  })
}

function offered({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
}
