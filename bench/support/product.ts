import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import bcrypt from 'bcrypt'
import sqlite3 from 'sqlite3'
import type { User } from '../../contracts/auth'
import { createKeyText, hashOfKey } from '../../server/auth/keys/key-text'
import { createPasswords } from '../../server/auth/passwords'
import { createTokens } from '../../server/auth/tokens'
import type { FloorOptions } from '../floor'
import type { ServerOptions } from '../server'
import { loginRequest, verifyRequest } from './http-client'
import { type Program, startProgram } from './program'
import { temporaryFolder } from './temporary-folder'

const TOKEN_LIFETIME_SECONDS = 1800
const INSERT_USERS = `
  INSERT INTO users (id, email, name, hashed_password, is_active, is_admin, created_at)
  SELECT value ->> 'id', value ->> 'email', value ->> 'name', ?2, 1, 0, '2025-01-01 00:00:00.000 +00:00'
  FROM json_each(?1)`
const INSERT_KEYS = `
  INSERT INTO api_keys (id, user_id, name, scopes, created_at, last_used_at)
  SELECT value ->> 'id', value ->> 'userId', 'bench', 'account:read', value ->> 'usedAt', value ->> 'usedAt'
  FROM json_each(?1)`
const INSERT_SECRETS = `
  INSERT INTO api_key_secrets (hash, key_id, hint, created_at, last_used_at)
  SELECT value ->> 'hash', value ->> 'id', 'aur_', value ->> 'usedAt', value ->> 'usedAt'
  FROM json_each(?1)`
const INSERT_ENDED_SESSIONS = `
  INSERT INTO sessions (id, user_id, created_at, expires_at, revoked_at)
  SELECT value, ?2, ?3, ?4, ?3 FROM json_each(?1)`
const INSERT_SESSIONS = `
  INSERT INTO sessions (id, user_id, created_at, expires_at)
  SELECT value ->> 'id', value ->> 'userId', ?2, ?3 FROM json_each(?1)`
const INSERT_REFRESH_TOKENS = `
  INSERT INTO refresh_tokens (hash, session_id, issued_at)
  SELECT value ->> 'hash', value ->> 'id', ?2 FROM json_each(?1)`

const INSERT_WORKSPACE = `
  INSERT INTO workspaces (id, name, kind, owner_id, created_at)
  VALUES (?1, 'bench', 'shared', ?2, '2025-01-01 00:00:00.000 +00:00')`
const INSERT_MEMBERS = `
  INSERT INTO workspace_members (workspace_id, user_id, role, created_at)
  SELECT ?2, value ->> 'id', 'viewer', '2025-01-01 00:00:00.000 +00:00' FROM json_each(?1)`

export const BCRYPT_COST = 12
const LOG_WRITTEN_MS = 2_000
const MOST_LINES = 400
const PASSWORD = 'correct horse battery staple'

export interface Product {
  /** Its value is the port. */
  server: Program<number>
  /** Its SQLite file. */
  database: string
  /** An access token of the first user, or of another. */
  token(index?: number): string
  /** Makes a workspace of the first user's that the next ones read as well; answers its id. */
  shareWorkspace(userCount: number): Promise<string>
  /** Milliseconds that the server's log names for the pages of a route that it answered last, all middleware included. */
  handlerTimes(route: string): Promise<number[]>
  /** Requests to verify, each with a token that was never used, for the users in turn. */
  verifyRequests(count: number): Buffer[]
  /** Requests to verify, each with an API key of its own, for the users in turn. */
  keyRequests(count: number): Promise<Buffer[]>
  /** Ends that many sessions as another program would, and waits until the server knows of all. */
  endSessions(count: number): Promise<void>
  /** Sessions of that many pages. @returns their refresh tokens */
  openPages(count: number): Promise<string[]>
  /** What the first user signs in with. */
  credentials: { email: string; password: string }
  /** Requests to sign in, one for each of the first users. */
  loginRequests(count: number): Buffer[]
  /** The least that could do the same work, for the same tokens; with the row of the user or without. */
  startFloor(kind: 'token' | 'row'): Promise<Program<number>>
}

/** The real server on a database with that many users, in a process of its own. */
export async function startProduct(userCount: number): Promise<Product> {
  const dataFolder = temporaryFolder()
  const database = join(dataFolder, 'aurelius.db')
  const key = randomBytes(32)
  const signingKey = key.toString('base64url')
  const server = await startProgram<ServerOptions, number>('server', { dataFolder, signingKey })
  const users = Array.from({ length: userCount }, (_none, index) => aUser(index))
  await run(database, INSERT_USERS, [JSON.stringify(users), await hashOf(PASSWORD)])
  const tokens = createTokens({
    signingKeys: [{ key, signsFrom: 1 }],
    algorithm: 'HS256',
    lifetimeSeconds: TOKEN_LIFETIME_SECONDS,
    now: Date.now,
  })

  return {
    server,
    database,
    token: (index = 0) => tokens.issue(users[index] as User, 'analyst', randomUUID()),
    async shareWorkspace(count) {
      const id = randomUUID()
      const [owner, ...readers] = users.slice(0, count)
      await run(database, INSERT_WORKSPACE, [id, owner?.id ?? ''])
      await run(database, INSERT_MEMBERS, [JSON.stringify(readers), id])
      return id
    },
    async handlerTimes(route) {
      await pause(LOG_WRITTEN_MS)
      const folder = join(dataFolder, 'logs')
      const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
      const entries = lines.filter((line) => line.includes(`"route":"${route}"`)).map((line) => JSON.parse(line))
      const answered = entries.filter(({ method, status }) => method === 'GET' && status === 200)
      return answered
        .sort((a, b) => a.time - b.time)
        .slice(-MOST_LINES)
        .map(({ duration_ms }) => duration_ms)
    },
    verifyRequests: (count) =>
      Array.from({ length: count }, (_none, index) =>
        verifyRequest(tokens.issue(users[index % users.length] as User, 'analyst', randomUUID())),
      ),
    async keyRequests(count) {
      const keys = Array.from({ length: count }, (_none, index) => aKey(users[index % users.length] as User))
      await run(database, INSERT_KEYS, [JSON.stringify(keys)])
      await run(database, INSERT_SECRETS, [JSON.stringify(keys)])
      return keys.map(({ text }) => verifyRequest(text))
    },
    async endSessions(count) {
      const ids = Array.from({ length: count }, () => randomUUID())
      const [user, last] = [users[0] as User, ids.at(-1) as string]
      await run(database, INSERT_ENDED_SESSIONS, [JSON.stringify(ids), user.id, storedTime(0), storedTime(1)])
      const authorization = `Bearer ${tokens.issue(user, 'analyst', last)}`
      const isKnown = async () => {
        const reply = await fetch(`http://127.0.0.1:${server.value}/api/auth/verify`, { headers: { authorization } })
        return reply.status === 401
      }
      while (!(await isKnown())) await pause(50)
    },
    async openPages(count) {
      const pages = users.slice(0, count).map(({ id: userId }) => {
        const token = randomBytes(32).toString('base64url')
        return { id: randomUUID(), userId, token, hash: createHash('sha256').update(token).digest('hex') }
      })
      await run(database, INSERT_SESSIONS, [JSON.stringify(pages), storedTime(0), storedTime(1)])
      await run(database, INSERT_REFRESH_TOKENS, [JSON.stringify(pages), storedTime(0)])
      return pages.map(({ token }) => token)
    },
    credentials: { email: users[0]?.email ?? '', password: PASSWORD },
    loginRequests: (count) => users.slice(0, count).map(({ email }) => loginRequest(email, PASSWORD)),
    startFloor: (kind) =>
      startProgram<FloorOptions, number>('floor', { signingKey, ...(kind === 'row' ? { database } : {}) }),
  }
}

/** As Sequelize writes it to SQLite. */
function storedTime(daysFromNow: number): string {
  return new Date(Date.now() + daysFromNow * 86_400_000).toISOString().replace('T', ' ').replace('Z', ' +00:00')
}

function aUser(index: number): User {
  return {
    id: randomUUID(),
    email: `analyst.${index}@example.com`,
    name: `Analyst ${index}`,
    is_active: true,
    is_admin: false,
    created_at: '2025-01-01T00:00:00.000Z',
  }
}

/** As the server stores it, so that no sign-in has to renew it. */
function hashOf(password: string): Promise<string> {
  const { hash, compare } = bcrypt
  return createPasswords({ hash, compare, close: async () => undefined }, BCRYPT_COST).hash(password)
}

/** Used a moment ago, so that what is measured is the check and not the note of a first use. */
function aKey({ id: userId }: User) {
  const text = createKeyText()
  return { id: randomUUID(), userId, text, hash: hashOfKey(text), usedAt: new Date().toISOString() }
}

async function run(file: string, statement: string, values: string[]): Promise<void> {
  const database = new sqlite3.Database(file)
  await new Promise<void>((resolve, reject) => {
    database.run(statement, values, (error) => (error ? reject(error) : resolve()))
  })
  await new Promise<void>((closed) => database.close(() => closed()))
}
