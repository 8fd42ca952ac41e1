import { BlockList, isIP } from 'node:net'

/** Makes the test whether an address is one of a list's, or in one of its networks. */
export function createAddressTest(allowed: string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const entry of allowed) {
    const [base = '', prefix] = entry.split('/')
    if (prefix === undefined) list.addAddress(base, familyOf(base))
    else list.addSubnet(base, Number(prefix), familyOf(base))
  }
  return (address) => {
    const plain = address.replace(/%.*$/, '')
    return isIP(plain) !== 0 && list.check(plain, familyOf(plain))
  }
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
