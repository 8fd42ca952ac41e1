import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'
import type bodyParser from 'koa-bodyparser'
import { AppError } from '../errors'

const MAX_BYTES = 1024 * 1024

let parser: ReturnType<typeof bodyParser> | undefined

/**
 * The request body as JSON. Compressed bodies are not unpacked: a small one can hide a large one.
 *
 * @throws {AppError} 400 not JSON or not UTF-8, 413 over 1 MiB, 415 not sent as plain JSON
 */
export async function readJson(ctx: Context): Promise<unknown> {
  const encoding = ctx.get('Content-Encoding') || 'identity'
  if (!ctx.is('json') || !/^(utf-?8)?$/i.test(ctx.request.charset) || encoding.toLowerCase() !== 'identity')
    throw new AppError('unsupported_media_type', 415, 'Send the request body as application/json in UTF-8.')
  // The parser counts in 32 bits, and would wait for a body that never comes.
  if (Number(ctx.get('Content-Length')) > MAX_BYTES) throw tooLarge()
  parser ??= await loadParser()
  const isUtf8 = watchForUtf8(ctx.req)
  try {
    await parser(ctx, async () => undefined)
  } catch (error) {
    // What was not read is dropped, so that the connection is free for its next request.
    ctx.req.resume()
    throw (error as { status?: number }).status === 413 ? tooLarge() : notJson()
  }
  if (!isUtf8()) throw notJson()
  return ctx.request.body
}

/** Loaded with the first body: its tables of character sets take as long as a third of the start. */
async function loadParser() {
  const { default: makeParser } = await import('koa-bodyparser')
  return makeParser({ enableTypes: ['json'], jsonLimit: String(MAX_BYTES), strict: false, detectJSON: () => true })
}

/** The parser puts a replacement character for bytes that are not UTF-8, in passwords too: so look at the bytes. */
function watchForUtf8(request: IncomingMessage): () => boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let valid = true
  const check = (chunk?: Buffer) => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      valid = false
    }
  }
  request.on('data', check)
  return () => {
    check()
    return valid
  }
}

function tooLarge(): AppError {
  return new AppError('body_too_large', 413, 'The request body is larger than 1 MiB.')
}

// Without a cause: the parser's message repeats a part of the body.
function notJson(): AppError {
  return new AppError('invalid_request', 400, 'The request body is not valid JSON.')
}
