import { STATUS_CODES } from 'node:http'
import type { Context, Middleware } from 'koa'
import type { ErrorCode, Problem } from '../../contracts/problem'
import { AppError, ValidationError } from '../errors'
import type { Log } from '../log'

interface HttpLikeError {
  status?: unknown
  type?: unknown
}

/** Answers every failure as an RFC 9457 problem document; what was not meant to be shown becomes a bare 500 and a log entry. */
export function problems(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      const known = error instanceof AppError ? error : translate(error)
      if (known.status >= 500) log.error({ err: error, request_id: ctx.state.requestId }, 'request failed')
      writeProblem(ctx, known)
    }
  }
}

/** The document for a failure, without anything the client sent. */
export function problemDocument(error: AppError): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error instanceof ValidationError ? { errors: error.errors } : {}),
  }
}

function writeProblem(ctx: Context, error: AppError): void {
  ctx.status = error.status
  ctx.set(error.headers)
  ctx.body = JSON.stringify(problemDocument(error))
  ctx.type = 'application/problem+json'
}

const BY_STATUS: Record<number, [ErrorCode, string]> = {
  400: ['invalid_request', 'The request body is not valid JSON.'],
  413: ['body_too_large', 'The request body is larger than 1 MiB.'],
  415: ['unsupported_media_type', 'Send the request body as application/json in UTF-8.'],
}

// The libraries' own messages repeat parts of the request, so only their status is kept.
function translate(error: unknown): AppError {
  const { status } = error as HttpLikeError
  const known = typeof status === 'number' ? BY_STATUS[status] : undefined
  if (typeof status === 'number' && known) return new AppError(known[0], status, known[1], { cause: error })
  if (isDatabaseUnavailable(error))
    return new AppError('database_unavailable', 503, 'The database does not answer: try again in a moment.', {
      cause: error,
      headers: { 'Retry-After': '5' },
    })
  return new AppError('internal_error', 500, 'Something went wrong on the server; its log has the details.', {
    cause: error,
  })
}

function isDatabaseUnavailable(error: unknown): boolean {
  const name = error instanceof Error ? error.name : ''
  return /^Sequelize(Connection|HostNotFound|ConnectionRefused|ConnectionAcquireTimeout|AccessDenied|Timeout)/.test(
    name,
  )
}
