import { z } from 'zod'

export const health = z.strictObject({
  status: z.literal('healthy'),
  version: z.string(),
  database: z.strictObject({ dialect: z.enum(['sqlite', 'postgres']), status: z.literal('connected') }),
  uptime_seconds: z.int().nonnegative(),
})
export type Health = z.infer<typeof health>
