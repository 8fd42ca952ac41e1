const DATABASE = 'aurelius'
const STORE = 'keys'
const NAME = 'page'
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }

export type PageKey = ReturnType<typeof createPageKey>

/**
 * The key of this browser at this origin, port included: no page elsewhere gets it, and no script can read it. The session
 * that begins with it is renewed with nothing else (RFC 9449), so that a refresh cookie that went to another port of the
 * same host opens nothing. There is none where the page is not served securely, or the browser keeps nothing.
 */
export function createPageKey() {
  let kept: Promise<CryptoKeyPair | undefined> | undefined
  let aheadMs = 0

  return {
    /** The DPoP header of a request to this origin. */
    async prove(method: string, path: string): Promise<string | undefined> {
      kept ??= findOrMake().catch(() => undefined)
      const keys = await kept
      if (!keys) return undefined
      const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
      const head = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
      const claims = {
        jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
        htm: method,
        htu: location.origin + path,
        iat: Math.floor((Date.now() + aheadMs) / 1000),
      }
      const signed = `${encoded(head)}.${encoded(claims)}`
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
      const signature = await crypto.subtle.sign(algorithm, keys.privateKey, new TextEncoder().encode(signed))
      return `${signed}.${base64url(new Uint8Array(signature))}`
    },

    /** From now on proofs are dated by the server's clock, as its reply tells it. */
    setClock(date: string | null): void {
      const serverMs = Date.parse(date ?? '')
      if (!Number.isNaN(serverMs)) aheadMs = serverMs - Date.now()
    },
  }
}

async function findOrMake(): Promise<CryptoKeyPair | undefined> {
  if (!isSecureContext) return undefined
  const store = await openStore()
  const found = await store.get()
  if (found) return found
  await store.addWhereNone(await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']))
  // Another tab may have been first, and a browser may keep keys in no database: what is read is what will be there.
  return store.get()
}

async function openStore() {
  const opening = indexedDB.open(DATABASE, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
  const database = await answerOf(opening)
  const get = (mode: IDBTransactionMode) => database.transaction(STORE, mode).objectStore(STORE)
  return {
    get: () => answerOf<CryptoKeyPair | undefined>(get('readonly').get(NAME)),
    addWhereNone: (keys: CryptoKeyPair) => answerOf(get('readwrite').add(keys, NAME)).catch(() => undefined),
  }
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = (event) => {
      event.preventDefault()
      reject(request.error)
    }
  })
}

const encoded = (part: unknown) => base64url(new TextEncoder().encode(JSON.stringify(part)))

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
