import { STATUS_CODES } from 'node:http'
import type { Context, Middleware } from 'koa'
import type { Problem } from '../../contracts/problem'
import { isDatabaseUnavailable } from '../db/failures'
import { AppError, DatabaseUnavailableError, SecondFactorRequiredError, ValidationError } from '../errors'
import type { Log } from '../log'

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
    ...(error instanceof SecondFactorRequiredError ? { second_factor: error.secondFactor } : {}),
  }
}

function writeProblem(ctx: Context, error: AppError): void {
  ctx.status = error.status
  ctx.set(error.headers)
  ctx.body = JSON.stringify(problemDocument(error))
  ctx.type = 'application/problem+json'
}

function translate(error: unknown): AppError {
  if (isDatabaseUnavailable(error)) return new DatabaseUnavailableError(error)
  return new AppError('internal_error', 500, 'Something went wrong on the server; its log has the details.', {
    cause: error,
  })
}
