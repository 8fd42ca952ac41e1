import { z } from 'zod'

// Asked at every z.object, hence before any contract is loaded: zod otherwise tries `new Function`, which works only
// without a content security policy and is reported as a violation under ours.
z.config({ jitless: true })
