import { isIP } from 'node:net'

const GROUPS = 8
const NETWORK_GROUPS = 4

/**
 * What counts as one address: an IPv4 address, or the /64 of an IPv6 address, all of which one subscriber has.
 *
 * @param remote as the socket says it, for example `::ffff:127.0.0.1` or `fe80::1%eth0`
 */
export function networkOf(remote: string | undefined): string {
  const address = (remote ?? '').replace(/%.*$/, '').replace(/^::ffff:(?=[\d.]+$)/i, '')
  if (isIP(address) !== 6) return address
  const [head = [], tail] = address.split('::').map((side) => (side === '' ? [] : side.split(':')))
  const written = head.length + (tail?.length ?? 0) + (address.includes('.') ? 1 : 0)
  const groups = tail ? [...head, ...Array<string>(GROUPS - written).fill('0'), ...tail] : head
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}
