import type { Context } from 'koa'
import type { z } from 'zod'
import { NotFoundError, ValidationError } from '../errors'
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

/**
 * The parameters in the path, in the shape of a contract.
 *
 * @throws {NotFoundError} 404: a path that no row can have names nothing
 */
export function parseParams<Shape extends z.ZodType>(ctx: Context, shape: Shape, thing: string): z.output<Shape> {
  const parsed = shape.safeParse(ctx.params)
  if (!parsed.success) throw new NotFoundError(thing)
  return parsed.data
}
