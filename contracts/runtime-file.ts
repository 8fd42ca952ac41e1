import { z } from 'zod'

/** `runtime.json` in the data folder, readable by its owner only: how a script on this machine finds the API. */
export const runtimeFile = z.strictObject({
  origin: z.url(), // http://127.0.0.1:8000
  port: z.int(),
  pid: z.int(),
  version: z.string(),
  signing_keys: z.enum(['keychain', 'settings']),
  database_file: z.string().nullable(), // the SQLite file in use; null with Postgres
  started_at: z.iso.datetime(),
})
export type RuntimeFile = z.infer<typeof runtimeFile>
