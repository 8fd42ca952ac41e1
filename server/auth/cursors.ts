import type { z } from 'zod'
import { ValidationError } from '../errors'

/** Where a page of a list ended: the values its rows are ordered by. Opaque to clients. */
export function toCursor(values: unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** @throws {ValidationError} it is not one that the list has given */
export function fromCursor<Values extends unknown[]>(cursor: string, shape: z.ZodType<Values>): Values {
  const read = shape.safeParse(parse(Buffer.from(cursor, 'base64url').toString()))
  if (read.success && toCursor(read.data) === cursor) return read.data
  const message = 'The cursor is not one that this list has given: start again without it.'
  throw new ValidationError([{ field: 'cursor', message, code: 'invalid' }])
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
