import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import sqlite3 from 'sqlite3'
import { answerStart } from './support/answer-start'

export interface FloorOptions {
  signingKey: string // base64url
  /** Answers the stored row of the user, read at each request; else what the token says. */
  database?: string
}

interface Claims {
  sub: string
  email: string
  name: string
  is_admin: boolean
  exp: number
}
type Row = Record<string, unknown>

/** As little as can check a token and answer its user: node:http, one HMAC, one prepared statement. */
answerStart(async ({ signingKey, database }: FloorOptions) => {
  const check = tokenCheck(Buffer.from(signingKey, 'base64url'))
  const server = createServer(database === undefined ? answerFromToken(check) : answerFromRow(check, database))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { value: (server.address() as AddressInfo).port }
})

type Check = (authorization: string | undefined) => Claims | undefined

function tokenCheck(signingKey: Buffer): Check {
  const key = createSecretKey(signingKey)
  return (authorization = '') => {
    const token = authorization.slice('Bearer '.length)
    const dot = token.lastIndexOf('.')
    const expected = createHmac('sha256', key).update(token.slice(0, dot)).digest()
    const given = Buffer.from(token.slice(dot + 1), 'base64url')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
    const claims: Claims = JSON.parse(Buffer.from(token.slice(token.indexOf('.') + 1, dot), 'base64url').toString())
    return claims.exp * 1000 > Date.now() ? claims : undefined
  }
}

function answerFromToken(check: Check): RequestListener {
  return (request, response) => {
    const claims = check(request.headers.authorization)
    if (!claims) return void response.writeHead(401).end()
    answer(response, { id: claims.sub, email: claims.email, name: claims.name, is_admin: claims.is_admin })
  }
}

function answerFromRow(check: Check, file: string): RequestListener {
  const statement = new sqlite3.Database(file, sqlite3.OPEN_READONLY).prepare('SELECT * FROM users WHERE id = ?1')
  return (request, response) => {
    const claims = check(request.headers.authorization)
    if (!claims) return void response.writeHead(401).end()
    statement.all<Row>([claims.sub], (error, [row]) => {
      if (error || !row) return void response.writeHead(500).end()
      const { id, email, name, is_active, is_admin, created_at } = row
      answer(response, { id, email, name, is_active: is_active === 1, is_admin: is_admin === 1, created_at })
    })
  }
}

function answer(response: Parameters<RequestListener>[1], user: Row): void {
  const body = JSON.stringify({ user })
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body)
}
