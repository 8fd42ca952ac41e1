import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * A keep-alive HTTP/1.1 connection that does just enough to send a prepared request and see its whole answer, so that
 * the client is not what is measured.
 */
export interface Connection {
  /** Answers the head of the reply. @throws {Error} the answer is not a 200 */
  ask(request: Buffer): Promise<string>
  close(): void
}

async function openConnection(port: number): Promise<Connection> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  let received = Buffer.alloc(0)
  let answered: ((head: string) => void) | undefined
  let failed: ((error: Error) => void) | undefined

  const fail = (reason: string) => failed?.(new Error(reason))
  socket.on('error', (error) => fail(error.message))
  socket.on('close', () => fail('the server closed the connection'))
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const headEnd = received.indexOf(HEAD_END)
    if (headEnd < 0) return
    const head = received.toString('latin1', 0, headEnd)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
    if (received.length < headEnd + HEAD_END.length + length) return
    received = Buffer.alloc(0)
    if (head.startsWith('HTTP/1.1 200 ')) answered?.(head)
    else fail(`the server answered ${head.slice(0, head.indexOf('\r\n'))}`)
  })

  return {
    ask: (request) =>
      new Promise<string>((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the server closed the connection'))
        answered = resolve
        failed = reject
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

/** Runs work on fresh connections: a server closes those that rest for some seconds. */
export async function withConnections<Value>(
  port: number,
  count: number,
  work: (connections: Connection[]) => Promise<Value>,
): Promise<Value> {
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)))
  try {
    return await work(connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}

export function verifyRequest(token: string): Buffer {
  return Buffer.from(`GET /api/auth/verify HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`)
}

export function loginRequest(email: string, password: string): Buffer {
  const body = JSON.stringify({ email, password })
  const head = [
    'POST /api/auth/login HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}
