// What our libraries use and Node 18.15 in the stand-in Electron does not have yet. On Node 20 and newer it changes nothing.
const { webcrypto } = require('node:crypto')

if (!globalThis.crypto) Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true })

URL.canParse ??= (url, base) => {
  try {
    return Boolean(new URL(url, base))
  } catch {
    return false
  }
}
