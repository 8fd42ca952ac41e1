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
  } else if (reply.status < 300) {
    const endpoint = find(method, route)
    if (!endpoint) return
    const { status = 200 } = endpoint
    if (reply.status !== status) throw new Error(`${method} ${route} answers ${reply.status} instead of ${status}`)
    endpoint.reply.parse(reply.body)
  }
}

/** The endpoint of a path; one that is spelled out goes before one with a parameter in its place. */
function find(method: string, route: string): Endpoint | undefined {
  const known = Object.values<Endpoint>(endpoints).filter((endpoint) => endpoint.method.toUpperCase() === method)
  const fits = ({ path }: Endpoint) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(route)
  return known.find(({ path }) => path === route) ?? known.find(fits)
}
