import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { createGunzip, type Gunzip } from 'node:zlib'
import type { Context } from 'koa'
import { AppError } from '../errors'

/** What a body may grow to; a compressed one is counted as it comes out. */
export const MOST_BODY_BYTES = 512 * 1024 * 1024

const FORMATS = {
  'application/json': 'json',
  'text/csv': 'csv',
  'application/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/octet-stream': 'binary',
} as const
export type BodyFormat = (typeof FORMATS)[keyof typeof FORMATS]

/** A request body of any length, piece by piece: only what is read next is held. */
export interface StreamedBody<Format extends BodyFormat = BodyFormat> {
  format: Format
  /** @throws {AppError} 400 it is not gzip, or it ends too early; 413 it is too long */
  pieces(): AsyncGenerator<Uint8Array>
}

const SENTENCES: Record<BodyFormat, string> = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  binary: 'application/octet-stream',
}

/** @throws {AppError} 415 it is sent in no format or encoding that is read here */
export function streamedBody<Format extends BodyFormat>(
  ctx: Context,
  formats: readonly Format[],
): StreamedBody<Format> {
  const type = ctx.get('Content-Type').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const named = Object.hasOwn(FORMATS, type) ? FORMATS[type as keyof typeof FORMATS] : undefined
  const format = formats.find((each) => each === named)
  const encoding = (ctx.get('Content-Encoding') || 'identity').toLowerCase()
  const charset = ctx.request.charset
  if (!format || !/^(utf-?8)?$/i.test(charset) || !['identity', 'gzip'].includes(encoding))
    throw new AppError(
      'unsupported_media_type',
      415,
      `Send it as ${formats.map((each) => SENTENCES[each]).join(' or ')} in UTF-8, plain or with gzip.`,
    )
  return { format, pieces: () => read(ctx.req, encoding === 'gzip' ? createGunzip() : undefined) }
}

async function* read(request: Readable, gunzip: Gunzip | undefined): AsyncGenerator<Uint8Array> {
  let length = 0
  if (gunzip) {
    request.on('error', (error) => gunzip.destroy(error))
    request.on('aborted', () => gunzip.destroy(new Error('aborted')))
    request.pipe(gunzip)
  }
  try {
    // The request is not to be destroyed: its socket carries the answer.
    for await (const piece of (gunzip ?? request).iterator({ destroyOnReturn: false })) {
      length += piece.length
      if (length > MOST_BODY_BYTES)
        throw new AppError('body_too_large', 413, `The body is larger than ${MOST_BODY_BYTES / 1024 / 1024} MiB.`)
      yield piece
      // Of a long body the socket would bring two megabytes before anybody else has a turn.
      if (length > piece.length) await setImmediate()
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid_request', 400, 'The body ends too early, or is not gzip as its encoding says.')
  } finally {
    if (gunzip) {
      request.unpipe(gunzip)
      gunzip.destroy()
    }
    // What was not read is dropped, so that the connection is free for its next request.
    request.resume()
  }
}
