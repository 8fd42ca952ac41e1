import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener, type Server, ServerResponse, STATUS_CODES } from 'node:http'
import { type AddressInfo, isIP, type Socket } from 'node:net'
import type { ServerConfig } from './config'
import { AppError } from './errors'
import { asksForWebSocket, attachHandshake, withoutUpgrade } from './http/handshake'
import { problemDocument } from './http/problems'
import { SECURITY_HEADERS } from './http/security-headers'
import type { Log } from './log'
import { findRunningServer } from './runtime-file'
import { EXIT, StartError } from './start-error'

const FINISH_LIMIT_MS = 5_000

export interface Listener {
  host: string
  port: number
  /** Takes no new connection, lets open requests finish for up to 5 seconds, then resolves. */
  close(): Promise<void>
}

/**
 * Takes the address that the configuration names, before anything else is touched: what listens there first may be
 * another Aurelius with the same database.
 *
 * @throws {StartError} the address is taken (69), may not be used (77) or is not this machine's (78)
 */
export async function listen(config: ServerConfig, log: Log, answer: RequestListener): Promise<Listener> {
  // Browsers connect ahead of need, and Node does not count such a connection among the idle ones.
  const unused = new Set<Socket>()
  const handle: RequestListener = (request, response) => {
    unused.delete(request.socket)
    answer(request, response)
  }
  // Node's own answers to a missing Host and to an expectation have no body; the handler says what is wrong.
  const server = createServer({ requireHostHeader: false }, handle)
  // Beyond a count Node would drop headers without a word, the Origin among them; their size is limited anyway.
  server.maxHeadersCount = 0
  server.on('checkExpectation', handle)
  server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (!asksForWebSocket(request)) {
      socket.unshift(withoutUpgrade(request, head))
      server.emit('connection', socket)
      return
    }
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    try {
      response.assignSocket(socket as Socket)
    } catch {
      socket.destroy() // it asked for something else just before, and has not waited for the answer
      return
    }
    response.once('finish', () => socket.end())
    attachHandshake(request, { socket, head })
    handle(request, response)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return
    const refused = refusal(error.code)
    const requestId = randomUUID()
    log.info({ request_id: requestId, status: refused.status, code: error.code }, 'unreadable request')
    socket.end(asText(refused, requestId))
  })
  const { port } = await bind(server, config)
  return {
    host: config.host,
    port,
    close: () => stop(server, unused),
  }
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

/** Who has the port: Aurelius itself says so where it keeps the same data folder. */
function holderOf({ port, runtimeFile }: ServerConfig): string {
  const running = runtimeFile === null ? undefined : findRunningServer(runtimeFile)
  return running?.port === port
    ? `the Aurelius that runs already, process ${running.pid}`
    : 'another program, perhaps another Aurelius'
}

function explain(code: string | undefined, config: ServerConfig, cause: unknown): StartError {
  const { host, port } = config
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        EXIT.unavailable,
        `Port ${port} on ${host} is taken by ${holderOf(config)}: stop it, or choose another port with PORT.`,
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

async function stop(server: Server, unused: Set<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const socket of unused) socket.destroy()
  server.closeIdleConnections()
  // A connection that was busy above turns idle when its request has finished.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const limit = setTimeout(() => server.closeAllConnections(), FINISH_LIMIT_MS)
  await closed
  clearInterval(sweep)
  clearTimeout(limit)
}

/** What a request gets that never became one, because it is not HTTP, too long or too slow. */
function refusal(code: string | undefined): AppError {
  const [status, message] = UNREADABLE[code ?? ''] ?? [400, 'The request is not valid HTTP.']
  return new AppError('invalid_request', status, message)
}

function asText(error: AppError, requestId: string): string {
  const body = JSON.stringify(problemDocument(error))
  const headers = Object.entries({
    ...SECURITY_HEADERS,
    'X-Request-Id': requestId,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`, ...headers, '', body].join('\r\n')
}

const UNREADABLE: Record<string, [number, string]> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
}
