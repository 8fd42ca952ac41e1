import { once } from 'node:events'
import { request } from 'node:http'

export interface AddressedReply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test may look into any body
  body: any
}

/** Posts from another address of this machine; all of 127.0.0.0/8 is its own on Linux. */
export function postFrom(localAddress: string, url: string, body: unknown): Promise<AddressedReply> {
  return ask(localAddress, url, 'POST', { 'content-type': 'application/json' }, JSON.stringify(body))
}

export function getFrom(localAddress: string, url: string, headers: Record<string, string>): Promise<AddressedReply> {
  return ask(localAddress, url, 'GET', headers)
}

async function ask(
  localAddress: string,
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: string,
): Promise<AddressedReply> {
  const asking = request(url, { method, headers, localAddress, agent: false })
  asking.end(body)
  const [reply] = await once(asking, 'response')
  let text = ''
  for await (const chunk of reply) text += chunk
  return { status: reply.statusCode, body: JSON.parse(text) }
}
