import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { tokenReply } from '../../contracts/auth'
import type { AuditHeadStore } from '../../server/audit-heads'
import type { ServerConfig, ServerSecrets } from '../../server/config'
import { type RunningServer, startServer } from '../../server/index'
import type { SigningKeyStore } from '../../server/signing-keys'
import { copyMigrated } from './migrated'
import { createPostgresDatabase } from './postgres-database'
import { connect, type TestClient } from './test-client'

/** Cheap hashes keep the tests quick; the lowest cost bcrypt knows. */
const TEST_ROUNDS = 4

export type Dialect = 'sqlite' | 'postgres'
export const DIALECTS: Dialect[] = ['sqlite', 'postgres']

export interface TestServerOptions {
  dialect?: Dialect
  /** Changes to the configuration, for what a test is about. */
  config?: Partial<ServerConfig>
  secrets?: Partial<ServerSecrets>
  now?: () => number
  /** Where the signing keys rest, where they are not settings. */
  signingKeyStore?: SigningKeyStore
  /** Where the end of the audit log is remembered. */
  auditHeads?: AuditHeadStore
}

export interface TestServer extends RunningServer {
  config: ServerConfig
  secrets: ServerSecrets
  folder: string
  /** The one that signs at the start. */
  signingKey: Uint8Array
  client: TestClient
  /** Registers a new person and answers a client that is signed in. */
  signUp(name?: string): Promise<TestClient>
  /** Makes the first administrator, on a server where nobody has an account, and answers a client that is signed in. */
  setUp(name?: string): Promise<TestClient>
  /** Another server on the same database, with the same key. */
  startSibling(config?: Partial<ServerConfig>): Promise<TestServer>
}

/** A real server on a real, migrated, empty database of its own, gone when the test ends. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const place = await makePlace(options, true)
  copyMigrated(inject('migratedFile'), place.config)
  return run(place.config, place.secrets, place.folder, options)
}

/** The configuration a test server would have, on a folder or database with nothing in it; for tests of the start itself. */
export function testConfig(options: TestServerOptions = {}) {
  return makePlace(options, false)
}

async function makePlace(
  { dialect = 'sqlite', config: changes, secrets: other }: TestServerOptions,
  isMigrated: boolean,
) {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const postgres = dialect === 'postgres' ? await createPostgresDatabase(isMigrated) : undefined
  const config: ServerConfig = {
    version: '0.0.0-test',
    host: '127.0.0.1',
    port: 0,
    portTaken: 'refuse',
    allowedHosts: [],
    allowedOrigins: [],
    database: postgres?.config ?? { dialect: 'sqlite', storage: join(folder, 'aurelius.db'), echo: false },
    tokens: { algorithm: 'HS256', lifetimeSeconds: 1800 },
    bcryptRounds: TEST_ROUNDS,
    registration: 'open',
    passwordMinLength: 8,
    mail: null,
    publicUrl: null,
    log: { level: 'trace', folder: join(folder, 'logs') },
    rendererFolder: null,
    runtimeFile: join(folder, 'runtime.json'),
    ...changes,
  }
  const secrets: ServerSecrets = {
    signingKeys: [{ key: randomBytes(32), signsFrom: 1 }],
    dataKey: randomBytes(32),
    databasePassword: postgres?.password,
    ...other,
  }
  return { config, secrets, folder }
}

async function run(
  config: ServerConfig,
  secrets: ServerSecrets,
  folder: string,
  options: TestServerOptions,
): Promise<TestServer> {
  const server = await startServer(config, secrets, {
    ...(options.now ? { now: options.now } : {}),
    ...(options.auditHeads ? { auditHeads: options.auditHeads } : {}),
    ...(options.signingKeyStore ? { signingKeyStore: options.signingKeyStore } : {}),
  })
  onTestFinished(() => server.close())
  const client = connect(server.origin)
  return {
    ...server,
    config,
    secrets,
    folder,
    signingKey: secrets.signingKeys.at(-1)?.key ?? new Uint8Array(),
    client,
    async signUp(name = 'Ada Analyst') {
      const email = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}.${randomUUID().slice(0, 8)}@example.com`
      return client.register({ email, password: 'a long enough password', name })
    },
    async setUp(name = 'Grace Administrator') {
      const account = { email: 'grace@example.com', password: 'a long enough password', name }
      const reply = await client.post('/api/auth/first-administrator', { ...account, setup_code: server.setupCode })
      return connect(server.origin, tokenReply.parse(reply.body).access_token, account)
    },
    startSibling: (changes = {}) => run({ ...config, runtimeFile: null, ...changes }, secrets, folder, options),
  }
}
