import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isIP } from 'node:net'
import type { ServerConfig } from './config'
import { EXIT, StartError } from './start-error'

const FINISH_LIMIT_MS = 10_000

export interface Listener {
  host: string
  port: number
  /** Takes no new connection, lets open requests finish for up to 10 seconds, then resolves. */
  close(): Promise<void>
}

/**
 * Listens where the configuration says.
 *
 * @throws {StartError} the address is taken (69), may not be used (77) or is not this machine's (78)
 */
export async function listen(handler: RequestListener, config: ServerConfig): Promise<Listener> {
  const server = createServer(handler)
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end(MALFORMED)
  })
  const { port } = await bind(server, config)
  return { host: config.host, port, close: () => stop(server) }
}

/** `http://127.0.0.1:8000`; an address that stands for all of the machine is reached on loopback. */
export function originOf({ host, port }: { host: string; port: number }): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`
}

async function bind(server: Server, config: ServerConfig): Promise<AddressInfo> {
  try {
    return await tryToBind(server, config.host, config.port)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE' && config.portTaken === 'take-another') return tryToBind(server, config.host, 0)
    throw explain(code, config, error)
  }
}

function tryToBind(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve(server.address() as AddressInfo)
    })
  })
}

function explain(code: string | undefined, { host, port }: ServerConfig, cause: unknown): StartError {
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        EXIT.unavailable,
        `Port ${port} on ${host} is taken by another program, perhaps another Aurelius: stop it, or choose another port with PORT.`,
        { cause },
      )
    case 'EACCES':
      return new StartError(EXIT.noPermission, `You may not listen on port ${port}: choose one above 1023 with PORT.`, {
        cause,
      })
    default:
      return new StartError(EXIT.config, `The address ${host} is not one of this machine: correct HOST.`, { cause })
  }
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // A connection that was busy above turns idle when its request has finished.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const limit = setTimeout(() => server.closeAllConnections(), FINISH_LIMIT_MS)
  await closed
  clearInterval(sweep)
  clearTimeout(limit)
}

const MALFORMED_BODY = JSON.stringify({
  type: 'about:blank',
  title: 'Bad Request',
  status: 400,
  detail: 'The request is not valid HTTP.',
  code: 'invalid_request',
})
const MALFORMED = [
  'HTTP/1.1 400 Bad Request',
  'Content-Type: application/problem+json',
  `Content-Length: ${Buffer.byteLength(MALFORMED_BODY)}`,
  'Connection: close',
  '',
  MALFORMED_BODY,
].join('\r\n')
