import type { Sequelize } from 'sequelize'
import { defineApiKey } from './api-key'
import { defineApiKeySecret } from './api-key-secret'
import { defineAttemptCount } from './attempt-count'
import { defineAuthChallenge } from './auth-challenge'
import { defineBacktest } from './backtest'
import { defineInvitation } from './invitation'
import { defineLedgerEvent } from './ledger-event'
import { defineOneTimeToken } from './one-time-token'
import { definePasskey } from './passkey'
import { defineRecoveryCode } from './recovery-code'
import { defineRefreshToken } from './refresh-token'
import { defineServerSetting } from './server-setting'
import { defineSession } from './session'
import { defineStrategy } from './strategy'
import { defineStrategyVersion } from './strategy-version'
import { defineTokenCutOff } from './token-cut-off'
import { defineTotpFactor } from './totp-factor'
import { defineUser } from './user'
import { defineWorkspace } from './workspace'
import { defineWorkspaceMember } from './workspace-member'

export type Models = ReturnType<typeof defineModels>

/** Every table, joined to one connection. */
export function defineModels(sequelize: Sequelize) {
  return {
    User: defineUser(sequelize),
    TokenCutOff: defineTokenCutOff(sequelize),
    Session: defineSession(sequelize),
    RefreshToken: defineRefreshToken(sequelize),
    Invitation: defineInvitation(sequelize),
    ApiKey: defineApiKey(sequelize),
    ApiKeySecret: defineApiKeySecret(sequelize),
    AttemptCount: defineAttemptCount(sequelize),
    AuthChallenge: defineAuthChallenge(sequelize),
    TotpFactor: defineTotpFactor(sequelize),
    OneTimeToken: defineOneTimeToken(sequelize),
    Passkey: definePasskey(sequelize),
    ServerSetting: defineServerSetting(sequelize),
    RecoveryCode: defineRecoveryCode(sequelize),
    Workspace: defineWorkspace(sequelize),
    WorkspaceMember: defineWorkspaceMember(sequelize),
    Strategy: defineStrategy(sequelize),
    StrategyVersion: defineStrategyVersion(sequelize),
    Backtest: defineBacktest(sequelize),
    LedgerEvent: defineLedgerEvent(sequelize),
  }
}
