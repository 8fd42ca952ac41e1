import { z } from 'zod'

const ofStrategy = z.strictObject({ strategy_id: z.string(), workspace_id: z.string() })

/** What the audit log says of the research ledger: who changed what, by ids; the figures are in the ledger itself. */
export const ledgerActions = {
  'workspace.created': z.strictObject({}),
  'workspace.renamed': z.strictObject({}),
  'workspace.member_added': z.strictObject({ role: z.enum(['viewer', 'editor']) }),
  'workspace.member_removed': z.strictObject({}),
  'strategy.created': ofStrategy,
  'strategy.changed': ofStrategy.extend({
    change: z.enum(['edited', 'moved', 'archived', 'restored', 'version']),
    version: z.int().positive(),
  }),
  'backtest.started': ofStrategy,
  'backtest.completed': ofStrategy.extend({ result_hash: z.string() }),
  'backtest.failed': ofStrategy,
} as const

export const ledgerTargets = [
  ...(['workspace', 'strategy', 'backtest', 'validation'] as const),
  ...(['gate_policy', 'gate_result', 'promotion'] as const),
] as const
