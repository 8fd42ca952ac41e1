import { z } from 'zod'
import { keyScope } from './api-keys'

/** What the audit log says of API keys, and the details an entry may carry. */
export const keyActions = {
  'api_key.created': z.strictObject({ scopes: z.array(keyScope), expires: z.boolean() }),
  'api_key.first_used': z.strictObject({}),
  'api_key.rotated': z.strictObject({ grace_seconds: z.int().nonnegative() }),
  'api_key.previous_ended': z.strictObject({}),
  'api_key.revoked': z.strictObject({}),
  'api_key.refused': z.strictObject({
    reason: z.enum(['unknown', 'revoked', 'expired', 'account_inactive', 'address']),
    repeated: z.int().positive().optional(), // how many more like it were left out
  }),
} as const
