import { Buffer } from 'node:buffer'

/** What a script does, as prepared requests and as calls. */
export interface LedgerClient {
  post(path: string, body: unknown, type?: string): Promise<Record<string, unknown>>
  get(path: string): Promise<Record<string, unknown>>
  /** A request ready to be sent on a connection that does nothing else. */
  request(method: 'GET' | 'POST', path: string, body?: string, type?: string): Buffer
}

export function connectLedger(port: number, token: string): LedgerClient {
  const origin = `http://127.0.0.1:${port}`
  const authorization = `Bearer ${token}`
  async function read(reply: Response): Promise<Record<string, unknown>> {
    if (!reply.ok) throw new Error(`${reply.status}: ${await reply.text()}`)
    return (await reply.json()) as Record<string, unknown>
  }
  return {
    post: async (path, body, type = 'application/json') =>
      read(
        await fetch(origin + path, {
          method: 'POST',
          headers: { authorization, 'content-type': type },
          body: body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
        }),
      ),
    get: async (path) => read(await fetch(origin + path, { headers: { authorization } })),
    request(method, path, body = '', type = 'application/json') {
      const head = [
        `${method} ${path} HTTP/1.1`,
        'Host: 127.0.0.1',
        `Authorization: ${authorization}`,
        ...(method === 'POST' ? [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`] : []),
      ]
      return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
    },
  }
}

const START = Date.UTC(2020, 0, 1)
const MINUTE = 60_000

/** So many minutes of equity as CSV lines, without the heading. */
export function equityLines(count: number): string[] {
  let equity = 100_000
  return Array.from({ length: count }, (_none, at) => {
    equity *= 1 + Math.sin(at * 12.9898) * 1e-5
    return `${START + at * MINUTE},${equity}`
  })
}

export const timeOf = (at: number): number => START + at * MINUTE

export function tradesCsv(count: number): Buffer {
  const lines = ['instrument,quantity,entry_at,exit_at,entry_price,exit_price']
  for (let at = 0; at < count; at += 1) {
    const [entry, exit] = [1.1 + (at % 1_000) / 1e5, 1.1 + (at % 1_001) / 1e5]
    lines.push(`${at % 3 ? 'EURUSD' : 'USDJPY'},${1_000 + (at % 77)},${timeOf(at)},${timeOf(at + 1)},${entry},${exit}`)
  }
  return Buffer.from(lines.join('\n'))
}
