import { createLedger } from './0001-create-ledger'
import { createUsers } from './0002-create-users'
import { normaliseAdoptedUsers } from './0003-normalise-adopted-users'
import { createSessions } from './0004-create-sessions'
import { addRefreshTokens } from './0005-add-refresh-tokens'
import { createAttemptCounts } from './0006-create-attempt-counts'
import { createTokenCutOffs } from './0007-create-token-cut-offs'
import { addRolesAndInvitations } from './0008-add-roles-and-invitations'
import { createAuditLog } from './0009-create-audit-log'
import { addSecondFactors } from './0011-add-second-factors'
import { createOneTimeTokens } from './0012-create-one-time-tokens'
import { createApiKeys } from './0013-create-api-keys'
import { addWorkspacesAndVersions } from './0020-add-workspaces-and-versions'
import { addRuns } from './0021-add-runs'
import { addGates } from './0022-add-gates'
import { addTradeListsAndTrials } from './0023-add-trade-lists-and-trials'
import { indexEventsByStrategy } from './0024-index-events-by-strategy'
import { bindSessionsToKeys } from './0025-bind-sessions-to-keys'
import type { Migration } from './migration'

/** The schema's whole history, oldest first. */
export const migrations: Migration[] = [
  createLedger,
  createUsers,
  normaliseAdoptedUsers,
  createSessions,
  addRefreshTokens,
  createAttemptCounts,
  createTokenCutOffs,
  addRolesAndInvitations,
  createAuditLog,
  addSecondFactors,
  createOneTimeTokens,
  createApiKeys,
  addWorkspacesAndVersions,
  addRuns,
  addGates,
  addTradeListsAndTrials,
  indexEventsByStrategy,
  bindSessionsToKeys,
]
