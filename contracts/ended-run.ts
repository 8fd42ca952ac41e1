import { z } from 'zod'

/** What the dashboard may have the system say of a run that has ended. The words are the desktop's: only the name is not. */
export const endedRun = z.strictObject({
  id: z.uuid(),
  strategy_name: z.string().min(1).max(200),
  outcome: z.enum(['completed', 'failed']),
  duration_seconds: z.number().nonnegative(),
})
export type EndedRun = z.infer<typeof endedRun>
