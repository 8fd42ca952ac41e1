import type { Context } from 'koa'
import type { z } from 'zod'
import { AppError, ValidationError } from '../errors'

/**
 * The request body in the shape of a contract; fields the contract does not name are dropped.
 *
 * @throws {AppError} 415 when the body was not sent as JSON
 * @throws {ValidationError} 422 with one entry per fault
 */
export function parseBody<Shape extends z.ZodType>(ctx: Context, shape: Shape): z.output<Shape> {
  if (!ctx.is('json'))
    throw new AppError('unsupported_media_type', 415, 'Send the request body as application/json in UTF-8.')
  const parsed = shape.safeParse(ctx.request.body)
  if (parsed.success) return parsed.data
  throw new ValidationError(
    parsed.error.issues.map(({ path, message, code }) => ({ field: path.join('.') || 'body', message, code })),
  )
}
