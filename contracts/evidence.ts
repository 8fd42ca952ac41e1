import { z } from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** `manifest.json`, the last file of an archive: what is in it, by hash. */
export const evidenceManifest = z.strictObject({
  format: z.literal('aurelius-evidence-1'),
  strategy_id: z.string(),
  strategy_name: z.string(),
  exported_at: z.iso.datetime(),
  exported_by: z.string(), // name of the person
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), sha256 })),
})
export type EvidenceManifest = z.infer<typeof evidenceManifest>

/** What checking an archive found. */
export const evidenceReport = z.strictObject({
  ok: z.boolean(),
  /** SHA-256 of the manifest: the audit trail of where it was made says the same one. */
  manifest_sha256: z.string().nullable(),
  strategy_name: z.string().nullable(),
  exported_at: z.string().nullable(),
  checked: z.strictObject({
    files: z.int().nonnegative(),
    backtests: z.int().nonnegative(), // result hash and figures computed again from points and trades
    validations: z.int().nonnegative(),
    gate_results: z.int().nonnegative(), // policy, evidence and verdict
  }),
  findings: z.array(z.strictObject({ path: z.string(), message: z.string() })),
})
export type EvidenceReport = z.infer<typeof evidenceReport>
