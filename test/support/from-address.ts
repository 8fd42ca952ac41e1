import { once } from 'node:events'
import { request } from 'node:http'

export interface AddressedReply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test may look into any body
  body: any
}

/** Posts from another address of this machine; all of 127.0.0.0/8 is its own on Linux. */
export async function postFrom(localAddress: string, url: string, body: unknown): Promise<AddressedReply> {
  const headers = { 'content-type': 'application/json' }
  const asking = request(url, { method: 'POST', headers, localAddress, agent: false })
  asking.end(JSON.stringify(body))
  const [reply] = await once(asking, 'response')
  let text = ''
  for await (const chunk of reply) text += chunk
  return { status: reply.statusCode, body: JSON.parse(text) }
}
