import type { Context } from 'koa'
import type { z } from 'zod'
import { sentenceFor } from '../../contracts/sentences'
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
  const sent = await readJson(ctx)
  if (ctx.request.rawBody === '') throw wholeBody('The request body is empty: send a JSON object.')
  return parsed(shape, sent, 'body')
}

/**
 * The query of the address in the shape of a contract. A parameter that is given twice is none.
 *
 * @throws {ValidationError} 422 with one entry per fault
 */
export function parseQuery<Shape extends z.ZodType>(ctx: Context, shape: Shape): z.output<Shape> {
  const hasNul = Object.values(ctx.query).some((value) => String(value).includes('\0'))
  if (hasNul) throw new ValidationError([{ field: 'query', message: 'NUL is no part of a query.', code: 'invalid' }])
  return parsed(shape, { ...ctx.query }, 'query')
}

/**
 * What was sent in the shape of a contract.
 *
 * @param whole what to call all of it, where no field is at fault
 * @throws {ValidationError} 422 with one entry per fault, and nothing of what was sent
 */
export function parsed<Shape extends z.ZodType>(shape: Shape, sent: unknown, whole: string): z.output<Shape> {
  const result = shape.safeParse(sent, { error: sentenceFor })
  if (result.success) return result.data
  throw new ValidationError(
    result.error.issues.map(({ path, message, code }) => {
      // The name that is not known ends the path.
      const field = (code === 'invalid_key' ? path.slice(0, -1) : path).join('.') || whole
      return { field, message, code }
    }),
  )
}

function wholeBody(message: string): ValidationError {
  return new ValidationError([{ field: 'body', message, code: 'invalid_type' }])
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
