import { type Endpoint, endpoints } from '../../contracts/endpoints'
import { problem } from '../../contracts/problem'
import type { Reply } from './test-client'

/** Holds a reply of the API against the contract it belongs to, so that every test checks the shapes as well. */
export function expectContract(method: string, path: string, reply: Reply): void {
  const route = path.replace(/[?#].*$/, '').replace(/\/$/, '')
  const type = reply.headers.get('content-type')
  if (reply.status >= 400) {
    if (type !== 'application/problem+json') throw new Error(`${method} ${route} failed with the content type ${type}`)
    if (method === 'HEAD') return
    const { status, errors } = problem.parse(reply.body)
    if (status !== reply.status) throw new Error(`${method} ${route} says ${status} and answers ${reply.status}`)
    if ((errors !== undefined) !== (status === 422)) throw new Error(`${method} ${route}: errors belong to a 422`)
  } else if (reply.status === 200) {
    const known = Object.values<Endpoint>(endpoints)
    known
      .find((endpoint) => endpoint.path === route && endpoint.method.toUpperCase() === method)
      ?.reply.parse(reply.body)
  }
}
