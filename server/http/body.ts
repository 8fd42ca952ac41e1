import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'
import { AppError } from '../errors'

const MAX_BYTES = 1024 * 1024
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The request body as JSON. Compressed bodies are not unpacked: a small one can hide a large one.
 *
 * @throws {AppError} 400 not JSON or not UTF-8, 413 over 1 MiB, 415 not sent as plain JSON
 */
export async function readJson(ctx: Context): Promise<unknown> {
  const encoding = ctx.get('Content-Encoding') || 'identity'
  if (!ctx.is('json') || !/^(utf-?8)?$/i.test(ctx.request.charset) || encoding.toLowerCase() !== 'identity')
    throw new AppError('unsupported_media_type', 415, 'Send the request body as application/json in UTF-8.')
  const bytes = await readBytes(ctx.req)
  try {
    return JSON.parse(UTF8.decode(bytes))
  } catch {
    // Without its cause: the parser's message repeats a part of the body.
    throw new AppError('invalid_request', 400, 'The request body is not valid JSON.')
  }
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => new AppError('body_too_large', 413, 'The request body is larger than 1 MiB.')
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) return Promise.reject(tooLarge())
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BYTES) return chunks.push(chunk)
      // The rest is read and dropped, so that the connection is free for its next request.
      chunks.length = 0
      reject(tooLarge())
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', () => reject(new AppError('invalid_request', 400, 'The request broke off.')))
  })
}
