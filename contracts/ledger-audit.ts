import { z } from 'zod'
import { gateName, verdict } from './gate-policy'
import { workspaceRole } from './workspaces'

const ofStrategy = z.strictObject({ strategy_id: z.string(), workspace_id: z.string() })

/** What the audit log says of the research ledger: who changed what, by ids; the figures are in the ledger itself. */
export const ledgerActions = {
  'workspace.created': z.strictObject({}),
  'workspace.renamed': z.strictObject({}),
  'workspace.member_added': z.strictObject({ role: workspaceRole }), // owner: it was handed over to them
  'workspace.left_behind': z.strictObject({}), // its owner's account was deleted
  'workspace.member_removed': z.strictObject({}),
  'strategy.created': ofStrategy,
  'strategy.changed': ofStrategy.extend({
    change: z.enum(['edited', 'moved', 'archived', 'restored', 'version']),
    version: z.int().positive(),
  }),
  'backtest.started': ofStrategy,
  'backtest.completed': ofStrategy.extend({ result_hash: z.string() }),
  'backtest.failed': ofStrategy,
  'evidence.exported': ofStrategy.extend({ manifest_sha256: z.string() }),
  'validation.completed': ofStrategy.extend({ verdict }),
  'gate_policy.recorded': z.strictObject({ gate: gateName, version: z.int().positive(), hash: z.string() }),
  'gate.evaluated': ofStrategy.extend({ gate: gateName, policy_version: z.int().positive(), verdict }),
  'promotion.requested': ofStrategy.extend({ gate_result_id: z.string() }),
  'promotion.approved': ofStrategy.extend({ gate_result_id: z.string() }),
  'promotion.declined': ofStrategy.extend({ gate_result_id: z.string() }),
} as const

export const ledgerTargets = [
  ...(['workspace', 'strategy', 'backtest', 'validation'] as const),
  ...(['gate_policy', 'gate_result', 'promotion'] as const),
] as const
