import { config } from 'zod/v4/core'

/**
 * What contracts get as `zod` in the dashboard. Asked at every z.object, hence set before any contract is loaded,
 * whichever part of the code it comes with: zod otherwise tries `new Function`, which works only without a content
 * security policy and is reported as a violation under ours.
 */
config({ jitless: true })

export * from 'zod/v4'
