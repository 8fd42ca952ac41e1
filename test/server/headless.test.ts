import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fileAuditHeads } from '../../server/audit-heads'
import { type KeptKeys, serve } from '../../server/headless'
import { type SigningKeyStore, signingKeyId } from '../../server/signing-keys'
import { StartError } from '../../server/start-error'
import { dashboardFolder } from '../support/dashboard-folder'
import { newFolder } from '../support/new-folder'
import { connect, type TestClient } from '../support/test-client'
import { signToken } from '../support/tokens'

const SECRET_KEY = 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E'
const OF_THE_KEYCHAIN = Buffer.alloc(32, 7)

const answers = async () => ({ signingKeys: [{ key: OF_THE_KEYCHAIN, signsFrom: 1 }], dataKey: Buffer.alloc(32, 8) })
const isLocked = async () => {
  throw new Error('The keychain is locked: unlock it, then try again.')
}

const untouched: SigningKeyStore = {
  rotate: () => Promise.reject(new Error('nobody asked for it')),
  destroy: () => Promise.reject(new Error('nobody asked for it')),
}

function start(
  environment: Record<string, string>,
  keychainKeys: () => Promise<KeptKeys>,
  temporaryKeyAllowed = false,
) {
  const folder = newFolder()
  const said: string[] = []
  const running = serve({
    environment: { XDG_CONFIG_HOME: folder, PORT: '0', LOG_LEVEL: 'silent', ...environment },
    workingFolder: join(folder, 'elsewhere'),
    version: '1.2.3',
    rendererFolder: dashboardFolder(),
    keychain: {
      read: keychainKeys,
      signingKeys: untouched,
      auditHeads: fileAuditHeads(join(folder, 'keychain')),
      follow: () => () => undefined,
    },
    temporaryKeyAllowed,
    say: (sentence) => said.push(sentence),
  })
  onTestFinished(async () => (await running.catch(() => undefined))?.close())
  return { running, said, dataFolder: join(folder, 'Aurelius') }
}

/** Tells by which keys a server checks: only with the right one an expired token is called expired. */
async function knows(client: TestClient, key: string | Uint8Array): Promise<boolean> {
  const header = { alg: 'HS256', typ: 'at+jwt', kid: signingKeyId(Buffer.from(key)) }
  const claims = { sub: 'x', sid: 'x', jti: 'x', iat: 1, exp: 2, iss: 'aurelius', aud: 'aurelius-api', role: 'viewer' }
  const { body } = await client.withToken(signToken(header, claims, key)).get('/api/auth/verify')
  return /expired/.test(body.detail)
}

test('SECRET_KEY signs, and the keychain is not even asked', async () => {
  let asked = false
  const { running } = start({ SECRET_KEY }, async () => {
    asked = true
    return answers()
  })
  const client = connect((await running).origin)

  expect(await knows(client, SECRET_KEY)).toBe(true)
  expect(await knows(client, OF_THE_KEYCHAIN)).toBe(false)
  expect(asked).toBe(false)
})

test('without SECRET_KEY the keychain’s key signs', async () => {
  const { running, said, dataFolder } = start({}, answers, true)
  const client = connect((await running).origin)

  expect(said).toEqual([
    `Aurelius is ready: open ${client.origin} in your browser.`,
    expect.stringMatching(/^Nobody has an account yet: open .* to make the administrator\.$/),
  ])
  expect(await knows(client, OF_THE_KEYCHAIN)).toBe(true)
  expect((await client.get('/')).body).toContain('<title>Aurelius</title>')
  expect((await client.get('/api/health')).body.version).toBe('1.2.3')
  expect(existsSync(join(dataFolder, 'aurelius.db'))).toBe(true)
})

test('while nobody has an account the link that makes the administrator is said; later it is not', async () => {
  const { running, said } = start({ SECRET_KEY }, answers)
  const client = connect((await running).origin)
  const [origin, code] = /open (\S+)\/first-run#(\S+) /.exec(said[1] ?? '')?.slice(1) ?? []
  expect(origin).toBe(client.origin)

  const ada = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
  const reply = await client.post('/api/auth/first-administrator', { ...ada, setup_code: code })

  expect(reply).toMatchObject({ status: 200, body: { user: { is_admin: true } } })
})

test('without either there is no start, no database, and a sentence that says what to do', async () => {
  const { running, dataFolder } = start({}, isLocked)

  const failure = await running.catch((error) => error)

  expect(failure).toBeInstanceOf(StartError)
  expect(failure.exitCode).toBe(78)
  expect(failure.message).toMatch(
    /^There is no key to sign sessions with: set SECRET_KEY to at least 32 random bytes .* The keychain is locked: .*\.$/,
  )
  expect(existsSync(dataFolder)).toBe(false)
})

test('a key that lasts until the server stops is made only where that was allowed, and said', async () => {
  const { running, said } = start({}, isLocked, true)
  const client = connect((await running).origin)

  expect(said[0]).toMatch(/^Sessions last until this server stops: .*SECRET_KEY.*\.$/)
  expect(await knows(client, OF_THE_KEYCHAIN)).toBe(false)
  const ada = await client.register({ email: 'ada@example.com', password: 'a long enough password', name: 'Ada' })
  expect((await ada.get('/api/auth/verify')).status).toBe(200)
})

test.each([
  ['a placeholder', 'your-super-secret-key-change-in-production'],
  ['a key that is too short', 'Marker-Marker-Marker'],
])('%s for SECRET_KEY is refused, not passed over in favour of the keychain', async (_what, key) => {
  const { running, dataFolder } = start({ SECRET_KEY: key }, answers)

  const failure = await running.catch((error) => error)

  expect(failure).toMatchObject({ exitCode: 78, message: expect.stringContaining('SECRET_KEY: expected ') })
  expect(failure.message).not.toContain(key)
  expect(existsSync(dataFolder)).toBe(false)
})
