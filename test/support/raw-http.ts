import { once } from 'node:events'
import { connect } from 'node:net'

export interface RawReply {
  status: number
  /** Names in lower case; of a repeated header the last. */
  headers: Map<string, string>
  body: string
  /** All that came, for what must not be in it. */
  text: string
}

/**
 * Sends bytes as they are and reads until the server closes, which it does when asked by `Connection: close` or when
 * the request is no HTTP. For what `fetch` will not send: foreign Host headers, odd targets, malformed requests.
 */
export async function sendRaw(origin: string, ...parts: (string | Uint8Array)[]): Promise<RawReply> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => undefined)
  for (const part of parts) socket.write(part)
  await once(socket, 'close')
  return parse(Buffer.concat(chunks).toString())
}

/** A request of one line and headers; nothing is added to it. */
export function rawRequest(line: string, headers: string[] = [], body = ''): string {
  return [line, ...headers, 'Connection: close', '', body].join('\r\n')
}

function parse(text: string): RawReply {
  const end = text.indexOf('\r\n\r\n')
  const [line = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Map(
    lines.map((header): [string, string] => {
      const colon = header.indexOf(':')
      return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()]
    }),
  )
  return { status: Number(line.split(' ')[1]), headers, body: text.slice(end + 4), text }
}
