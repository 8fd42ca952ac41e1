import { createReadStream, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { Context, Middleware } from 'koa'
import { MethodNotAllowedError, NotFoundError } from '../errors'
import { ONE_YEAR, openPages, withPolicy } from '../pages'
import { isApiPath } from './api-path'

/** Serves the built dashboard: its files, and its one page for every other path. */
export function dashboard(folder: string): Middleware {
  const pages = openPages(folder)
  return (ctx, next) => {
    if (isApiPath(ctx.path)) return next()
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw new MethodNotAllowedError('GET, HEAD')
    const file = pages.file(ctx.path)
    if (file !== undefined) return sendFile(ctx, file)
    const page = pages.page(ctx.path)
    if (page === undefined) throw new NotFoundError('file')
    return answer(ctx, page)
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
  answer(ctx, withPolicy(html))
}

function answer(ctx: Context, { html, policy }: ReturnType<typeof withPolicy>): void {
  ctx.set('Content-Security-Policy', policy)
  ctx.set('Cache-Control', 'no-store')
  ctx.type = 'html'
  ctx.body = html
}
