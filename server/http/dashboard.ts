import { randomBytes } from 'node:crypto'
import { createReadStream, type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Context, Middleware } from 'koa'
import { MethodNotAllowedError, NotFoundError } from '../errors'
import { isApiPath } from './api-path'
import { pagePolicy } from './security-headers'

const NONCE_PLACEHOLDER = '__CSP_NONCE__'
const ONE_YEAR = 'public, max-age=31536000, immutable'

/**
 * Serves the built dashboard: its files, and its one page for every other path. Only files that were there at the
 * start are served, and no links, so no path leads anywhere else.
 */
export function dashboard(folder: string): Middleware {
  const files = new Map(listFiles(folder, ''))
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  return (ctx, next) => {
    if (isApiPath(ctx.path)) return next()
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw new MethodNotAllowedError('GET, HEAD')
    const file = files.get(ctx.path)
    if (file !== undefined && ctx.path !== '/index.html') return sendFile(ctx, file)
    if (extname(ctx.path) !== '' && ctx.path !== '/index.html') throw new NotFoundError('file')
    return sendPage(ctx, page)
  }
}

function sendFile(ctx: Context, file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) throw new NotFoundError('file') // a new build took it away
  const { size, mtimeMs } = found
  ctx.etag = `${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}`
  ctx.set('Cache-Control', ctx.path.startsWith('/assets/') ? ONE_YEAR : 'no-cache')
  ctx.status = 200
  if (ctx.fresh) {
    ctx.status = 304
    return
  }
  ctx.type = extname(file)
  ctx.length = size
  ctx.body = createReadStream(file)
}

/** Sends a page under a policy with a nonce of its own. */
export function sendPage(ctx: Context, html: string): void {
  const nonce = randomBytes(16).toString('base64')
  ctx.set('Content-Security-Policy', pagePolicy(nonce))
  ctx.set('Cache-Control', 'no-store')
  ctx.type = 'html'
  ctx.body = html.replaceAll(NONCE_PLACEHOLDER, nonce)
}

function* listFiles(folder: string, below: string): Generator<[string, string]> {
  const entries: Dirent[] = readdirSync(join(folder, below), { withFileTypes: true })
  for (const entry of entries) {
    const path = `${below}/${entry.name}`
    if (entry.isDirectory()) yield* listFiles(folder, path)
    else if (entry.isFile() && !entry.name.endsWith('.map')) yield [path, join(folder, path)]
  }
}
