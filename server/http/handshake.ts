import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

const HANDSHAKE = Symbol('handshake')

/** The connection of a request that asks for a WebSocket, and what came on it behind the request. */
export interface Handshake {
  socket: Duplex
  head: Buffer
}

type WithHandshake = IncomingMessage & { [HANDSHAKE]?: Handshake }

/** Lets a request for a WebSocket pass the same middleware as every other one. */
export function attachHandshake(request: WithHandshake, handshake: Handshake): void {
  request[HANDSHAKE] = handshake
}

/** `undefined` where the request does not ask for a WebSocket. */
export function handshakeOf(request: WithHandshake): Handshake | undefined {
  return request[HANDSHAKE]
}

/** Whether a request asks for a WebSocket rather than for another protocol, which is ours to ignore (RFC 9110 section 7.8). */
export function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}

/**
 * The bytes of a request as they came, but for what asks for another protocol. It is the last one on its connection: a
 * connection that is handed back to the server again and again would be listened to more and more.
 */
export function withoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage, head: Buffer): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`, 'Connection: close']
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (!/^(?:upgrade|connection)$/i.test(rawHeaders[at] ?? '')) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head])
}
