import type { Context } from 'koa'
import type { z } from 'zod'
import { ValidationError } from '../errors'
import { readJson } from './body'

/**
 * Reads the request body in the shape of a contract; fields the contract does not name are dropped. Call it after
 * the caller has been authorised: nobody else's body is read.
 *
 * @throws {AppError} 400, 413 or 415, as `readJson` says
 * @throws {ValidationError} 422 with one entry per fault
 */
export async function parseBody<Shape extends z.ZodType>(ctx: Context, shape: Shape): Promise<z.output<Shape>> {
  const parsed = shape.safeParse(await readJson(ctx))
  if (parsed.success) return parsed.data
  throw new ValidationError(
    parsed.error.issues.map(({ path, message, code }) => ({ field: path.join('.') || 'body', message, code })),
  )
}
