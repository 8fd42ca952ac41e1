import { z } from 'zod'

export const PAGE_MAX = 200
const PAGE_DEFAULT = 50

/** What every list takes: how many rows at most, and where the page before ended. */
export const paging = {
  limit: z.coerce
    .number('A limit is a whole number.')
    .int('A limit is a whole number.')
    .min(1, 'A limit is at least 1.')
    .max(PAGE_MAX, `A limit is at most ${PAGE_MAX}.`)
    .default(PAGE_DEFAULT),
  cursor: z.string().min(1).max(1024).optional(), // `next_cursor` of the page before
}

/** `null`: there is no page after this one. */
export const nextCursor = z.string().nullable()

/** How many rows there are on all pages together. */
export const total = z.int().nonnegative()
