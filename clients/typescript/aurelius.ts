/**
 * Aurelius from TypeScript and JavaScript: every operation of the API, typed, without dependencies.
 * Made from the OpenAPI document by `npm run clients`; not to be edited.
 */

export type Problem = { type: string; title: string; status: number; detail: string; code: "invalid_request" | "email_taken" | "link_invalid" | "wrong_password" | "invitation_invalid" | "wrong_passkey" | "wrong_code" | "not_authenticated" | "invalid_token" | "invalid_dpop_proof" | "invalid_credentials" | "second_factor_required" | "challenge_expired" | "account_inactive" | "second_factor_enrolment_required" | "fresh_proof_required" | "insufficient_scope" | "registration_closed" | "invitation_required" | "wrong_setup_code" | "address_not_allowed" | "origin_not_allowed" | "workspace_read_only" | "not_found" | "method_not_allowed" | "already_set_up" | "factor_exists" | "factor_required" | "factor_unreadable" | "passkeys_unavailable" | "factor_unavailable" | "mail_not_configured" | "last_administrator" | "workspace_owner" | "signing_key_is_setting" | "rotation_under_way" | "run_finished" | "strategy_archived" | "not_promotable" | "offset_conflict" | "key_limit_reached" | "body_too_large" | "unsupported_media_type" | "host_not_allowed" | "validation_failed" | "too_many_requests" | "internal_error" | "keychain_unavailable" | "busy" | "database_unavailable"; errors?: { field: string; message: string; code: string; line?: number }[]; second_factor?: { challenge: string; expires_in: number; methods: ("totp" | "passkey" | "recovery_code")[] } }

export type RegisterBody = { email: string; password: string; name: string; invitation?: string }

export type RegisterReply = { access_token: string; token_type: "bearer"; expires_in: number; user: { id: string; email: string; name: string; is_active: boolean; is_admin: boolean; created_at: string } }

export type AuthSettingsReply = { first_run: boolean; registration: "open" | "invitation" | "closed"; password_min_length: number; second_factor_required: boolean; has_mail: boolean }

export type CreateFirstAdministratorBody = { setup_code: string; name: string; email: string; password: string }

export type LookAtInvitationBody = { invitation: string }

export type LookAtInvitationReply = { email: string | null; role: "viewer" | "analyst" | "reviewer" | "admin"; expires_at: string }

export type LoginBody = { email: string; password: string }

export type LoginSecondFactorBody = { challenge: string; code: string }

export type LoginPasskeyOptionsBody = { challenge?: string }

export type LoginPasskeyOptionsReply = { options: { challenge: string } }

export type LoginPasskeyBody = { credential: { id: string; rawId: string; type: "public-key"; response: { clientDataJSON: string; authenticatorData: string; signature: string }; clientExtensionResults?: Record<string, unknown> } }

export type VerifyReply = { user: { id: string; email: string; name: string; is_active: boolean; is_admin: boolean; created_at: string } }

export type PermissionsReply = { role: "viewer" | "analyst" | "reviewer" | "admin"; scopes: ("account:read" | "account:manage" | "ledger:read" | "ledger:write" | "workspaces:manage" | "gates:evaluate" | "gates:approve" | "users:manage" | "audit:read" | "server:manage")[] }

export type LogoutReply = { message: string }

export type ChangePasswordBody = { current_password: string; new_password: string }

export type UpdateProfileBody = { name: string }

export type AccountDataReply = { exported_at: string; user: { id: string; email: string; name: string; is_active: boolean; is_admin: boolean; created_at: string; email_verified_at: string | null; role: "viewer" | "analyst" | "reviewer" | "admin"; role_changed_at: string | null; updated_at: string | null }; authenticator: { created_at: string; confirmed_at: string | null } | null; passkeys: { id: string; name: string; site: string; created_at: string; last_used_at: string | null }[]; recovery_codes: { created_at: string; used_at: string | null }[]; api_keys: { id: string; name: string; scopes: ("account:read" | "account:manage" | "ledger:read" | "ledger:write" | "workspaces:manage" | "gates:evaluate" | "gates:approve" | "users:manage" | "audit:read" | "server:manage")[]; addresses: string[] | null; created_at: string; expires_at: string | null; revoked_at: string | null; last_used_at: string | null; last_used_address: string | null; made_at: string[] }[]; links: { purpose: string; email: string | null; created_at: string; expires_at: string; used_at: string | null }[]; invitations_made: { id: string; email: string | null; role: "viewer" | "analyst" | "reviewer" | "admin"; created_at: string; expires_at: string; accepted_at: string | null; revoked_at: string | null }[]; workspaces: { id: string; name: string; role: "owner" | "editor" | "viewer" }[]; strategies: { id: string; name: string; strategy_type: string; description: string; parameters: Record<string, unknown>; version: number; tags: string[]; status: "active" | "archived"; stage: "research" | "dev" | "crv" | "product"; workspace_id: string; owner_id: string | null; owner_name: string | null; backtest_count: number; last_backtest_at: string | null; created_at: string; updated_at: string; archived_at: string | null }[]; activity: { total: number; entries: { id: number; occurred_at: string; action: string; outcome: "success" | "failure"; actor_kind: "user" | "api_key" | "command_line" | "server" | "anonymous"; is_own: boolean; actor_name: string | null; account_name: string | null; target_type: string | null; target_id: string | null; address: string | null; device: string | null; details: Record<string, unknown> }[] }; tokens_count_from: string | null; sessions: { id: string; user_agent: string | null; address: string | null; created_at: string; last_seen_at: string | null; proved_at: string | null; expires_at: string; ended_at: string | null; renewed_at: string[] }[] }

export type DeleteAccountBody = { password: string }

export type SessionsReply = { sessions: { id: string; device: string; address: string | null; created_at: string; last_seen_at: string; expires_at: string; is_current: boolean }[]; total: number; next_cursor: null }

export type StepUpReply = { methods: ("password" | "totp" | "passkey" | "recovery_code")[]; fresh_until: string | null }

export type ProveFreshBody = { password?: string; code?: string }

export type ProveFreshReply = { access_token: string; token_type: "bearer"; expires_in: number; user: { id: string; email: string; name: string; is_active: boolean; is_admin: boolean; created_at: string }; message: string }

export type FactorsReply = { totp: { confirmed_at: string } | null; passkeys: { id: string; name: string; site: string; created_at: string; last_used_at: string | null }[]; recovery_codes_left: number }

export type BeginTotpReply = { secret: string; uri: string }

export type ConfirmTotpBody = { code: string }

export type ConfirmTotpReply = { recovery_codes: string[] | null }

export type AddPasskeyBody = { name: string; credential: { id: string; rawId: string; type: "public-key"; response: { clientDataJSON: string; attestationObject: string }; clientExtensionResults?: Record<string, unknown> } }

export type ReplaceRecoveryCodesReply = { recovery_codes: string[] }

export type SigningKeysReply = { signing_keys: { id: string; state: "next" | "current" | "previous"; signs_from: string | null; ends_at: string | null }[]; total: number; next_cursor: null; kept_in: "keychain" | "settings" }

export type AuditLogReply = { entries: { seq: number; occurred_at: string; action: string; outcome: "success" | "failure"; actor_kind: "user" | "api_key" | "command_line" | "server" | "anonymous"; actor_id: string | null; credential_id: string | null; account_id: string | null; target_type: string | null; target_id: string | null; address: string | null; device: string | null; request_id: string | null; details: Record<string, unknown>; key_id: string; previous_hash: string; hash: string; mac: string }[]; people: { id: string; name: string; email: string }[]; total: number | null; next_cursor: string | null }

export type OwnAuditLogReply = { entries: { id: number; occurred_at: string; action: string; outcome: "success" | "failure"; actor_kind: "user" | "api_key" | "command_line" | "server" | "anonymous"; is_own: boolean; actor_name: string | null; account_name: string | null; target_type: string | null; target_id: string | null; address: string | null; device: string | null; details: Record<string, unknown> }[]; total: number | null; next_cursor: string | null }

export type VerifyAuditLogReply = { is_intact: boolean; entries: number; first_bad: { seq: number; kind: "altered" | "removed" | "reordered" | "unlinked" | "forged" | "cut_off" | "replaced" | "unreadable"; message: string } | null; head: { seq: number; hash: string }; unchecked_seals: { key_id: string; entries: number }[]; mirror: { place: "keychain" | "file" | "none"; seq: number | null }; verified_at: string }

export type HealthReply = { status: "healthy"; version: string; database: { dialect: "sqlite" | "postgres"; status: "connected" }; uptime_seconds: number }

export type ManagedUsersReply = { users: { id: string; email: string; name: string; role: "viewer" | "analyst" | "reviewer" | "admin"; is_active: boolean; created_at: string; sessions: number; has_second_factor: boolean; last_seen_at: string | null }[]; total: number; next_cursor: string | null }

export type ManagedUserReply = { user: { id: string; email: string; name: string; role: "viewer" | "analyst" | "reviewer" | "admin"; is_active: boolean; created_at: string; sessions: number; has_second_factor: boolean; last_seen_at: string | null } }

export type ChangeUserBody = { role?: "viewer" | "analyst" | "reviewer" | "admin"; is_active?: boolean }

export type UserLocksReply = { locks: { attempt: "sign_in" | "second_factor" | "password_reset" | "password_change" | "step_up"; place: "one_address" | "other_addresses"; failures: number; locked_until: string | null }[]; total: number; next_cursor: null }

export type FactorPolicyReply = { required: boolean; users: number; protected_users: number }

export type ChangeFactorPolicyBody = { required: boolean }

export type InvitationsReply = { invitations: { id: string; state: "open" | "accepted" | "revoked" | "expired"; email: string | null; role: "viewer" | "analyst" | "reviewer" | "admin"; invited_by: string | null; accepted_by: string | null; created_at: string; expires_at: string }[]; total: number; next_cursor: string | null }

export type CreateInvitationBody = { email?: string | null; role?: "viewer" | "analyst" | "reviewer" | "admin"; expires_in_days?: number }

export type CreateInvitationReply = { invitation: { id: string; state: "open" | "accepted" | "revoked" | "expired"; email: string | null; role: "viewer" | "analyst" | "reviewer" | "admin"; invited_by: string | null; accepted_by: string | null; created_at: string; expires_at: string }; token: string }

export type ForgotPasswordBody = { email: string }

export type LookAtPasswordResetBody = { token: string }

export type LookAtPasswordResetReply = { email: string; expires_at: string }

export type ResetPasswordBody = { token: string; new_password: string }

export type EmailStateReply = { email: string; verified_at: string | null; change: { new_email: string; confirmed_by_current: boolean; confirmed_by_new: boolean; expires_at: string } | null }

export type ChangeEmailBody = { new_email: string; password: string }

export type ChangeEmailReply = { outcome: "changed" | "confirmation_sent"; message: string }

export type LookAtConfirmationReply = { kind: "verification" | "change"; email: string | null; new_email: string | null; expires_at: string }

export type ConfirmEmailReply = { outcome: "verified" | "half_confirmed" | "changed"; message: string }

export type CreateResetLinkReply = { url: string; expires_at: string }

export type ApiKeysReply = { api_keys: { id: string; name: string; hint: string; scopes: ("account:read" | "account:manage" | "ledger:read" | "ledger:write" | "workspaces:manage" | "gates:evaluate" | "gates:approve" | "users:manage" | "audit:read" | "server:manage")[]; scopes_without_effect: ("account:read" | "account:manage" | "ledger:read" | "ledger:write" | "workspaces:manage" | "gates:evaluate" | "gates:approve" | "users:manage" | "audit:read" | "server:manage")[]; addresses: string[] | null; created_at: string; expires_at: string | null; is_expired: boolean; last_used_at: string | null; last_used_address: string | null; previous: { hint: string; works_until: string; last_used_at: string | null } | null }[]; total: number; next_cursor: null }

export type CreateApiKeyBody = { name: string; scopes: ("account:read" | "ledger:read" | "ledger:write" | "gates:evaluate" | "gates:approve")[]; expires_in_seconds?: number | null; addresses?: string[] | null; write_without_expiry?: boolean }

export type CreateApiKeyReply = { api_key: { id: string; name: string; hint: string; scopes: ("account:read" | "account:manage" | "ledger:read" | "ledger:write" | "workspaces:manage" | "gates:evaluate" | "gates:approve" | "users:manage" | "audit:read" | "server:manage")[]; scopes_without_effect: ("account:read" | "account:manage" | "ledger:read" | "ledger:write" | "workspaces:manage" | "gates:evaluate" | "gates:approve" | "users:manage" | "audit:read" | "server:manage")[]; addresses: string[] | null; created_at: string; expires_at: string | null; is_expired: boolean; last_used_at: string | null; last_used_address: string | null; previous: { hint: string; works_until: string; last_used_at: string | null } | null }; secret: string }

export type RotateApiKeyBody = { grace_seconds?: number }

export type WorkspacesReply = { workspaces: { id: string; name: string; kind: "own" | "shared" | "adopted"; role: "viewer" | "editor" | "owner"; member_count: number; created_at: string }[]; total: number; next_cursor: string | null }

export type CreateWorkspaceReply = { id: string; name: string; kind: "own" | "shared" | "adopted"; role: "viewer" | "editor" | "owner"; member_count: number; created_at: string }

export type WorkspaceMembersReply = { members: { user_id: string; name: string; email: string; role: "viewer" | "editor" | "owner" }[]; total: number; next_cursor: string | null }

export type AddWorkspaceMemberBody = { email: string; role: "viewer" | "editor" | "owner" }

export type StrategiesReply = { strategies: { id: string; name: string; strategy_type: string; description: string; parameters: Record<string, unknown>; version: number; tags: string[]; status: "active" | "archived"; stage: "research" | "dev" | "crv" | "product"; workspace_id: string; owner_id: string | null; owner_name: string | null; backtest_count: number; last_backtest_at: string | null; created_at: string; updated_at: string; archived_at: string | null }[]; total: number; next_cursor: string | null }

export type CreateStrategyBody = { name: string; strategy_type: string; description?: string; parameters?: Record<string, unknown>; tags?: string[]; workspace_id?: string }

export type CreateStrategyReply = { id: string; name: string; strategy_type: string; description: string; parameters: Record<string, unknown>; version: number; tags: string[]; status: "active" | "archived"; stage: "research" | "dev" | "crv" | "product"; workspace_id: string; owner_id: string | null; owner_name: string | null; backtest_count: number; last_backtest_at: string | null; created_at: string; updated_at: string; archived_at: string | null }

export type StrategyFacetsReply = { strategy_types: string[]; tags: string[]; owners: { id: string; name: string }[] }

export type ChangeStrategyBody = { name?: string; strategy_type?: string; description?: string; tags?: string[]; workspace_id?: string }

export type StrategyVersionsReply = { versions: { strategy_id: string; version: number; parameters: Record<string, unknown>; note: string; stage: "research" | "dev" | "crv" | "product"; author_id: string | null; author_name: string | null; created_at: string }[]; total: number; next_cursor: string | null }

export type CreateStrategyVersionBody = { parameters: Record<string, unknown>; note?: string }

export type CreateStrategyVersionReply = { strategy_id: string; version: number; parameters: Record<string, unknown>; note: string; stage: "research" | "dev" | "crv" | "product"; author_id: string | null; author_name: string | null; created_at: string }

export type BacktestsReply = { backtests: { id: string; strategy_id: string; strategy_name: string; strategy_version: number; workspace_id: string; author_id: string | null; author_name: string | null; label: string | null; status: "pending" | "running" | "completed" | "failed"; error_message: string | null; progress: number | null; start_date: string | null; end_date: string | null; initial_capital: number | null; currency: string; instruments: string[]; seed: number | null; data_source: string; data_fingerprint: string | null; engine: string | null; engine_version: string | null; code_revision: string | null; point_count: number; trade_count: number; has_trade_list: boolean; fingerprint: string | null; result_hash: string | null; reproducibility: "first" | "same" | "different" | null; first_run_id: string | null; difference_count: number; total_return: number | null; cagr: number | null; volatility: number | null; sharpe_ratio: number | null; max_drawdown: number | null; created_at: string; completed_at: string | null; duration_seconds: number | null }[]; total: number; next_cursor: string | null }

export type StartBacktestBody = { strategy_id: string; strategy_version?: number; label?: string; start_date?: string; end_date?: string; initial_capital?: number; currency?: string; instruments?: string[]; seed?: number | null; data_source?: string; data_fingerprint?: string | null; engine?: string | null; engine_version?: string | null; code_revision?: string | null; periods_per_year?: number; risk_free_rate?: number; day_start_minutes?: number; trials?: { count: number; sharpe_variance: number | null }; expected_points?: number }

export type StartBacktestReply = { id: string; strategy_id: string; strategy_name: string; strategy_version: number; workspace_id: string; author_id: string | null; author_name: string | null; label: string | null; status: "pending" | "running" | "completed" | "failed"; error_message: string | null; progress: number | null; start_date: string | null; end_date: string | null; initial_capital: number | null; currency: string; instruments: string[]; seed: number | null; data_source: string; data_fingerprint: string | null; engine: string | null; engine_version: string | null; code_revision: string | null; point_count: number; trade_count: number; has_trade_list: boolean; fingerprint: string | null; result_hash: string | null; reproducibility: "first" | "same" | "different" | null; first_run_id: string | null; difference_count: number; total_return: number | null; cagr: number | null; volatility: number | null; sharpe_ratio: number | null; max_drawdown: number | null; created_at: string; completed_at: string | null; duration_seconds: number | null; parameters: Record<string, unknown>; metrics: { figures: Record<string, number | null>; monthly_returns: { year: number; month: number; return: number | null }[]; basis: { periods_per_year: number; is_inferred: boolean; risk_free_rate: number; day_start_minutes: number; trials: { count: number; sharpe_variance: number | null; source: "runs" | "stated" } | null } } | null; reported_metrics: Record<string, number> | null; differences: { metric: "total_return" | "cagr" | "volatility" | "sharpe_ratio" | "sortino_ratio" | "calmar_ratio" | "max_drawdown" | "max_drawdown_days" | "longest_drawdown_days" | "time_under_water" | "value_at_risk_95_one_period" | "expected_shortfall_95_one_period" | "skewness" | "excess_kurtosis" | "best_day" | "worst_day" | "probabilistic_sharpe_ratio" | "deflated_sharpe_ratio" | "trade_count" | "win_rate" | "profit_factor" | "average_trade" | "turnover" | "exposure" | "leverage" | "time_in_market" | "history_days" | "return_count"; ours: number | null; theirs: number }[]; selection: { trials: { count: number; sharpe_variance: number | null; source: "runs" | "stated" }; deflated_sharpe_ratio: number | null } | null; scoring: { periods_per_year?: number; risk_free_rate?: number; day_start_minutes?: number; trials?: { count: number; sharpe_variance: number | null } } }

export type CompareBacktestsReply = { backtests: { id: string; strategy_id: string; strategy_name: string; strategy_version: number; workspace_id: string; author_id: string | null; author_name: string | null; label: string | null; status: "pending" | "running" | "completed" | "failed"; error_message: string | null; progress: number | null; start_date: string | null; end_date: string | null; initial_capital: number | null; currency: string; instruments: string[]; seed: number | null; data_source: string; data_fingerprint: string | null; engine: string | null; engine_version: string | null; code_revision: string | null; point_count: number; trade_count: number; has_trade_list: boolean; fingerprint: string | null; result_hash: string | null; reproducibility: "first" | "same" | "different" | null; first_run_id: string | null; difference_count: number; total_return: number | null; cagr: number | null; volatility: number | null; sharpe_ratio: number | null; max_drawdown: number | null; created_at: string; completed_at: string | null; duration_seconds: number | null; parameters: Record<string, unknown>; metrics: { figures: Record<string, number | null>; monthly_returns: { year: number; month: number; return: number | null }[]; basis: { periods_per_year: number; is_inferred: boolean; risk_free_rate: number; day_start_minutes: number; trials: { count: number; sharpe_variance: number | null; source: "runs" | "stated" } | null } } | null; reported_metrics: Record<string, number> | null; differences: { metric: "total_return" | "cagr" | "volatility" | "sharpe_ratio" | "sortino_ratio" | "calmar_ratio" | "max_drawdown" | "max_drawdown_days" | "longest_drawdown_days" | "time_under_water" | "value_at_risk_95_one_period" | "expected_shortfall_95_one_period" | "skewness" | "excess_kurtosis" | "best_day" | "worst_day" | "probabilistic_sharpe_ratio" | "deflated_sharpe_ratio" | "trade_count" | "win_rate" | "profit_factor" | "average_trade" | "turnover" | "exposure" | "leverage" | "time_in_market" | "history_days" | "return_count"; ours: number | null; theirs: number }[]; selection: { trials: { count: number; sharpe_variance: number | null; source: "runs" | "stated" }; deflated_sharpe_ratio: number | null } | null; scoring: { periods_per_year?: number; risk_free_rate?: number; day_start_minutes?: number; trials?: { count: number; sharpe_variance: number | null } } }[]; differing: { name: string; values: unknown[] }[] }

export type RecordBacktestBody = { strategy_id: string; strategy_version?: number; label?: string; start_date?: string; end_date?: string; initial_capital?: number; currency?: string; instruments?: string[]; seed?: number | null; data_source?: string; data_fingerprint?: string | null; engine?: string | null; engine_version?: string | null; code_revision?: string | null; periods_per_year?: number; risk_free_rate?: number; day_start_minutes?: number; trials?: { count: number; sharpe_variance: number | null }; reported_metrics?: Record<string, number>; equity: { time: string | number; equity: number } | [string | number, number][]; trades?: { instrument: string; side?: "long" | "short"; quantity: number; entry_at: string; exit_at: string; entry_price: number; exit_price: number; commission?: number; profit?: number }[] }

export type BacktestProgressReply = { id: string; status: "pending" | "running" | "completed" | "failed"; point_count: number; trade_count: number; progress: number | null }

export type SetBacktestProgressBody = { progress: number }

export type AppendPointsBody = { time: string | number; equity: number } | [string | number, number][]

export type AppendTradesBody = { instrument: string; side?: "long" | "short"; quantity: number; entry_at: string; exit_at: string; entry_price: number; exit_price: number; commission?: number; profit?: number }[]

export type BacktestTradesReply = { trades: { index: number; instrument: string; quantity: number; entry_at: string; exit_at: string; entry_price: number; exit_price: number; commission: number; profit: number }[]; total: number; next_cursor: string | null }

export type CompleteBacktestBody = { point_count?: number; trade_count?: number; reported_metrics?: Record<string, number> }

export type FailBacktestBody = { reason: string }

export type BacktestCurveReply = { point_count: number; times: number[]; values: number[] }

export type BacktestReturnsReply = { return_count: number; histogram: { edges: number[]; counts: number[] }; rolling_sharpe: { window: number; times: number[]; values: (number | null)[] } }

export type ValidationsReply = { validations: { id: string; strategy_id: string; strategy_version: number; workspace_id: string; author_id: string | null; author_name: string | null; backtest_id: string | null; source: "posted" | "cut" | "adopted"; start_date: string | null; end_date: string | null; window_count: number; in_sample_sharpe: number | null; out_of_sample_sharpe: number | null; degradation: number | null; stability: number | null; verdict: "passed" | "failed" | "inconclusive"; created_at: string }[]; total: number; next_cursor: string | null }

export type PostValidationBody = { strategy_version?: number; backtest_id?: string; plan?: { kind: "rolling" | "anchored"; in_sample_days: number; out_of_sample_days: number; embargo_days?: number; step_days?: number }; rule?: { min_windows?: number; min_out_of_sample_sharpe?: number; max_degradation?: number; min_stability?: number }; windows: { in_sample: { start_date: string; end_date: string; sharpe_ratio: number | null; total_return?: number | null; max_drawdown?: number | null }; out_of_sample: { start_date: string; end_date: string; sharpe_ratio: number | null; total_return?: number | null; max_drawdown?: number | null } }[] }

export type PostValidationReply = { id: string; strategy_id: string; strategy_version: number; workspace_id: string; author_id: string | null; author_name: string | null; backtest_id: string | null; source: "posted" | "cut" | "adopted"; start_date: string | null; end_date: string | null; window_count: number; in_sample_sharpe: number | null; out_of_sample_sharpe: number | null; degradation: number | null; stability: number | null; verdict: "passed" | "failed" | "inconclusive"; created_at: string; plan: { kind: "rolling" | "anchored"; in_sample_days: number; out_of_sample_days: number; embargo_days: number; step_days?: number } | null; rule: { min_windows: number; min_out_of_sample_sharpe?: number; max_degradation?: number; min_stability?: number }; checks: { id: string; operator: "at_least" | "at_most" | "above" | "below" | "is"; threshold: number | boolean; value: number | boolean | null; verdict: "passed" | "failed" | "inconclusive" }[]; windows: { in_sample: { start_date: string; end_date: string; sharpe_ratio: number | null; total_return: number | null; max_drawdown: number | null }; out_of_sample: { start_date: string; end_date: string; sharpe_ratio: number | null; total_return: number | null; max_drawdown: number | null }; degradation: number | null }[] }

export type CutValidationBody = { plan: { kind: "rolling" | "anchored"; in_sample_days: number; out_of_sample_days: number; embargo_days?: number; step_days?: number }; rule?: { min_windows?: number; min_out_of_sample_sharpe?: number; max_degradation?: number; min_stability?: number } }

export type GatePoliciesReply = { policies: { gate: "dev" | "crv" | "product"; version: number; policy: { format: 1; gate: "dev" | "crv" | "product"; title: string; description?: string; rules: { id: string; fact: "backtest.total_return" | "backtest.cagr" | "backtest.volatility" | "backtest.sharpe_ratio" | "backtest.sortino_ratio" | "backtest.calmar_ratio" | "backtest.max_drawdown" | "backtest.max_drawdown_days" | "backtest.longest_drawdown_days" | "backtest.time_under_water" | "backtest.value_at_risk_95_one_period" | "backtest.expected_shortfall_95_one_period" | "backtest.skewness" | "backtest.excess_kurtosis" | "backtest.best_day" | "backtest.worst_day" | "backtest.probabilistic_sharpe_ratio" | "backtest.deflated_sharpe_ratio" | "backtest.trade_count" | "backtest.win_rate" | "backtest.profit_factor" | "backtest.average_trade" | "backtest.turnover" | "backtest.exposure" | "backtest.leverage" | "backtest.time_in_market" | "backtest.history_days" | "backtest.return_count" | "validation.window_count" | "validation.in_sample_sharpe" | "validation.out_of_sample_sharpe" | "validation.degradation" | "validation.stability"; operator: "at_least" | "at_most" | "above" | "below"; threshold: number; reason?: string } | { id: string; fact: "validation.passed" | "hygiene.data_fingerprint_known" | "hygiene.code_revision_known" | "hygiene.reproduced" | "hygiene.figures_agree" | "gate.dev_passed" | "gate.crv_passed"; operator: "is"; threshold: boolean; reason?: string }[] }; text: string; hash: string; note: string; author_id: string | null; author_name: string | null; created_at: string }[]; total: number; next_cursor: string | null }

export type RecordGatePolicyBody = { text: string; note?: string }

export type RecordGatePolicyReply = { gate: "dev" | "crv" | "product"; version: number; policy: { format: 1; gate: "dev" | "crv" | "product"; title: string; description?: string; rules: { id: string; fact: "backtest.total_return" | "backtest.cagr" | "backtest.volatility" | "backtest.sharpe_ratio" | "backtest.sortino_ratio" | "backtest.calmar_ratio" | "backtest.max_drawdown" | "backtest.max_drawdown_days" | "backtest.longest_drawdown_days" | "backtest.time_under_water" | "backtest.value_at_risk_95_one_period" | "backtest.expected_shortfall_95_one_period" | "backtest.skewness" | "backtest.excess_kurtosis" | "backtest.best_day" | "backtest.worst_day" | "backtest.probabilistic_sharpe_ratio" | "backtest.deflated_sharpe_ratio" | "backtest.trade_count" | "backtest.win_rate" | "backtest.profit_factor" | "backtest.average_trade" | "backtest.turnover" | "backtest.exposure" | "backtest.leverage" | "backtest.time_in_market" | "backtest.history_days" | "backtest.return_count" | "validation.window_count" | "validation.in_sample_sharpe" | "validation.out_of_sample_sharpe" | "validation.degradation" | "validation.stability"; operator: "at_least" | "at_most" | "above" | "below"; threshold: number; reason?: string } | { id: string; fact: "validation.passed" | "hygiene.data_fingerprint_known" | "hygiene.code_revision_known" | "hygiene.reproduced" | "hygiene.figures_agree" | "gate.dev_passed" | "gate.crv_passed"; operator: "is"; threshold: boolean; reason?: string }[] }; text: string; hash: string; note: string; author_id: string | null; author_name: string | null; created_at: string }

export type DryRunGatePolicyBody = { text: string }

export type DryRunGatePolicyReply = { policy: { format: 1; gate: "dev" | "crv" | "product"; title: string; description?: string; rules: { id: string; fact: "backtest.total_return" | "backtest.cagr" | "backtest.volatility" | "backtest.sharpe_ratio" | "backtest.sortino_ratio" | "backtest.calmar_ratio" | "backtest.max_drawdown" | "backtest.max_drawdown_days" | "backtest.longest_drawdown_days" | "backtest.time_under_water" | "backtest.value_at_risk_95_one_period" | "backtest.expected_shortfall_95_one_period" | "backtest.skewness" | "backtest.excess_kurtosis" | "backtest.best_day" | "backtest.worst_day" | "backtest.probabilistic_sharpe_ratio" | "backtest.deflated_sharpe_ratio" | "backtest.trade_count" | "backtest.win_rate" | "backtest.profit_factor" | "backtest.average_trade" | "backtest.turnover" | "backtest.exposure" | "backtest.leverage" | "backtest.time_in_market" | "backtest.history_days" | "backtest.return_count" | "validation.window_count" | "validation.in_sample_sharpe" | "validation.out_of_sample_sharpe" | "validation.degradation" | "validation.stability"; operator: "at_least" | "at_most" | "above" | "below"; threshold: number; reason?: string } | { id: string; fact: "validation.passed" | "hygiene.data_fingerprint_known" | "hygiene.code_revision_known" | "hygiene.reproduced" | "hygiene.figures_agree" | "gate.dev_passed" | "gate.crv_passed"; operator: "is"; threshold: boolean; reason?: string }[] }; outcomes: { strategy_id: string; strategy_name: string; strategy_version: number; verdict: "passed" | "failed" | "inconclusive"; current_verdict: "passed" | "failed" | "inconclusive" | null; checks: { id: string; fact: "backtest.total_return" | "backtest.cagr" | "backtest.volatility" | "backtest.sharpe_ratio" | "backtest.sortino_ratio" | "backtest.calmar_ratio" | "backtest.max_drawdown" | "backtest.max_drawdown_days" | "backtest.longest_drawdown_days" | "backtest.time_under_water" | "backtest.value_at_risk_95_one_period" | "backtest.expected_shortfall_95_one_period" | "backtest.skewness" | "backtest.excess_kurtosis" | "backtest.best_day" | "backtest.worst_day" | "backtest.probabilistic_sharpe_ratio" | "backtest.deflated_sharpe_ratio" | "backtest.trade_count" | "backtest.win_rate" | "backtest.profit_factor" | "backtest.average_trade" | "backtest.turnover" | "backtest.exposure" | "backtest.leverage" | "backtest.time_in_market" | "backtest.history_days" | "backtest.return_count" | "validation.window_count" | "validation.in_sample_sharpe" | "validation.out_of_sample_sharpe" | "validation.degradation" | "validation.stability" | "validation.passed" | "hygiene.data_fingerprint_known" | "hygiene.code_revision_known" | "hygiene.reproduced" | "hygiene.figures_agree" | "gate.dev_passed" | "gate.crv_passed"; operator: "at_least" | "at_most" | "above" | "below" | "is"; threshold: number | boolean; value: number | boolean | null; verdict: "passed" | "failed" | "inconclusive" }[] }[] }

export type EvaluateGateBody = { strategy_version?: number; backtest_id?: string; validation_id?: string }

export type EvaluateGateReply = { id: string; strategy_id: string; strategy_name: string; strategy_version: number; workspace_id: string; gate: "dev" | "crv" | "product"; policy_version: number | null; policy_hash: string | null; verdict: "passed" | "failed" | "inconclusive"; checks: { id: string; fact: "backtest.total_return" | "backtest.cagr" | "backtest.volatility" | "backtest.sharpe_ratio" | "backtest.sortino_ratio" | "backtest.calmar_ratio" | "backtest.max_drawdown" | "backtest.max_drawdown_days" | "backtest.longest_drawdown_days" | "backtest.time_under_water" | "backtest.value_at_risk_95_one_period" | "backtest.expected_shortfall_95_one_period" | "backtest.skewness" | "backtest.excess_kurtosis" | "backtest.best_day" | "backtest.worst_day" | "backtest.probabilistic_sharpe_ratio" | "backtest.deflated_sharpe_ratio" | "backtest.trade_count" | "backtest.win_rate" | "backtest.profit_factor" | "backtest.average_trade" | "backtest.turnover" | "backtest.exposure" | "backtest.leverage" | "backtest.time_in_market" | "backtest.history_days" | "backtest.return_count" | "validation.window_count" | "validation.in_sample_sharpe" | "validation.out_of_sample_sharpe" | "validation.degradation" | "validation.stability" | "validation.passed" | "hygiene.data_fingerprint_known" | "hygiene.code_revision_known" | "hygiene.reproduced" | "hygiene.figures_agree" | "gate.dev_passed" | "gate.crv_passed"; operator: "at_least" | "at_most" | "above" | "below" | "is"; threshold: number | boolean; value: number | boolean | null; verdict: "passed" | "failed" | "inconclusive" }[]; evidence: { backtest: { id: string; fingerprint: string; result_hash: string; trials: { count: number; sharpe_variance: number | null; source: "runs" | "stated" } | null; basis: { periods_per_year: number; is_inferred: boolean; risk_free_rate: number; day_start_minutes: number } | null; reported: { sent: number; agreed: number } | null } | null; validation: { id: string; hash: string } | null; gate_results: { id: string; gate: "dev" | "crv" | "product"; verdict: "passed" | "failed" | "inconclusive" }[] }; author_id: string | null; author_name: string | null; created_at: string }

export type GateResultsReply = { gate_results: { id: string; strategy_id: string; strategy_name: string; strategy_version: number; workspace_id: string; gate: "dev" | "crv" | "product"; policy_version: number | null; policy_hash: string | null; verdict: "passed" | "failed" | "inconclusive"; checks: { id: string; fact: "backtest.total_return" | "backtest.cagr" | "backtest.volatility" | "backtest.sharpe_ratio" | "backtest.sortino_ratio" | "backtest.calmar_ratio" | "backtest.max_drawdown" | "backtest.max_drawdown_days" | "backtest.longest_drawdown_days" | "backtest.time_under_water" | "backtest.value_at_risk_95_one_period" | "backtest.expected_shortfall_95_one_period" | "backtest.skewness" | "backtest.excess_kurtosis" | "backtest.best_day" | "backtest.worst_day" | "backtest.probabilistic_sharpe_ratio" | "backtest.deflated_sharpe_ratio" | "backtest.trade_count" | "backtest.win_rate" | "backtest.profit_factor" | "backtest.average_trade" | "backtest.turnover" | "backtest.exposure" | "backtest.leverage" | "backtest.time_in_market" | "backtest.history_days" | "backtest.return_count" | "validation.window_count" | "validation.in_sample_sharpe" | "validation.out_of_sample_sharpe" | "validation.degradation" | "validation.stability" | "validation.passed" | "hygiene.data_fingerprint_known" | "hygiene.code_revision_known" | "hygiene.reproduced" | "hygiene.figures_agree" | "gate.dev_passed" | "gate.crv_passed"; operator: "at_least" | "at_most" | "above" | "below" | "is"; threshold: number | boolean; value: number | boolean | null; verdict: "passed" | "failed" | "inconclusive" }[]; evidence: { backtest: { id: string; fingerprint: string; result_hash: string; trials: { count: number; sharpe_variance: number | null; source: "runs" | "stated" } | null; basis: { periods_per_year: number; is_inferred: boolean; risk_free_rate: number; day_start_minutes: number } | null; reported: { sent: number; agreed: number } | null } | null; validation: { id: string; hash: string } | null; gate_results: { id: string; gate: "dev" | "crv" | "product"; verdict: "passed" | "failed" | "inconclusive" }[] }; author_id: string | null; author_name: string | null; created_at: string }[]; total: number; next_cursor: string | null }

export type PromotionsReply = { promotions: { id: string; strategy_id: string; strategy_name: string; strategy_version: number; workspace_id: string; from_stage: "research" | "dev" | "crv" | "product"; to_stage: "research" | "dev" | "crv" | "product"; gate_result_id: string; status: "pending" | "approved" | "declined"; comment: string; requested_by: string | null; requested_by_name: string | null; requested_at: string; decided_by: string | null; decided_by_name: string | null; decided_at: string | null; decision_comment: string | null; can_decide: boolean }[]; total: number; next_cursor: string | null }

export type RequestPromotionBody = { strategy_version?: number; comment: string }

export type RequestPromotionReply = { id: string; strategy_id: string; strategy_name: string; strategy_version: number; workspace_id: string; from_stage: "research" | "dev" | "crv" | "product"; to_stage: "research" | "dev" | "crv" | "product"; gate_result_id: string; status: "pending" | "approved" | "declined"; comment: string; requested_by: string | null; requested_by_name: string | null; requested_at: string; decided_by: string | null; decided_by_name: string | null; decided_at: string | null; decision_comment: string | null; can_decide: boolean }

export type ApprovePromotionBody = { comment: string }

export type EventsReply = { events: { id: number; type: "strategy.created" | "strategy.changed" | "backtest.started" | "backtest.progress" | "backtest.completed" | "backtest.failed" | "validation.completed" | "gate.evaluated" | "promotion.requested" | "promotion.approved" | "promotion.declined"; at: string; workspace_id: string; strategy_id: string; strategy_name: string; subject_id: string | null; actor_id: string | null; data: Record<string, string | number | boolean | null> }[]; last_id: number }

export type RecentEventsReply = { events: { id: number; type: "strategy.created" | "strategy.changed" | "backtest.started" | "backtest.progress" | "backtest.completed" | "backtest.failed" | "validation.completed" | "gate.evaluated" | "promotion.requested" | "promotion.approved" | "promotion.declined"; at: string; workspace_id: string; strategy_id: string; strategy_name: string; subject_id: string | null; actor_id: string | null; data: Record<string, string | number | boolean | null>; actor_name: string | null }[]; last_id: number; next_cursor: string | null }

/** What each operation takes and answers. */
export interface Operations {
  /** Create an account and sign in. */
  register: {
    body: RegisterBody
    reply: RegisterReply
  }
  /** What to know before signing in: whether there is any account, and who may register. */
  authSettings: {
    reply: AuthSettingsReply
  }
  /** Create the first administrator while nobody has an account, and sign in. */
  createFirstAdministrator: {
    body: CreateFirstAdministratorBody
    reply: RegisterReply
  }
  /** What an invitation offers. */
  lookAtInvitation: {
    body: LookAtInvitationBody
    reply: LookAtInvitationReply
  }
  /** Sign in with e-mail and password. */
  login: {
    body: LoginBody
    reply: RegisterReply
  }
  /** Finish a sign-in with a code of the authenticator app, or a recovery code. */
  loginSecondFactor: {
    body: LoginSecondFactorBody
    reply: RegisterReply
  }
  /** What a page asks an authenticator to sign: to sign in alone, or as the second step of a challenge. */
  loginPasskeyOptions: {
    body: LoginPasskeyOptionsBody
    reply: LoginPasskeyOptionsReply
  }
  /** Sign in, or finish a sign-in, with a passkey. */
  loginPasskey: {
    body: LoginPasskeyBody
    reply: RegisterReply
  }
  /** Check the access token and read the user. */
  verify: {
    reply: VerifyReply
  }
  /** Read your role and what it allows. */
  permissions: {
    reply: PermissionsReply
  }
  /** Sign out: the access token is dead at once. */
  logout: {
    reply: LogoutReply
  }
  /** Change the password and end every other session. */
  changePassword: {
    body: ChangePasswordBody
    reply: LogoutReply
  }
  /** Change your name. */
  updateProfile: {
    body: UpdateProfileBody
    reply: VerifyReply
  }
  /** Download all that the server holds about you. */
  accountData: {
    reply: AccountDataReply
  }
  /** Delete your account and end all its sessions. */
  deleteAccount: {
    body: DeleteAccountBody
    reply: LogoutReply
  }
  /** Renew the session of a page: a new access token for the refresh cookie, which is replaced. */
  refresh: {
    reply: RegisterReply
  }
  /** List where you are signed in. */
  sessions: {
    reply: SessionsReply
  }
  /** End one of your sessions. */
  revokeSession: {
    params: { id: string }
    reply: LogoutReply
  }
  /** End all your sessions but this one. */
  revokeOtherSessions: {
    reply: LogoutReply
  }
  /** How you can prove to be there, and until when that is not asked for. */
  stepUp: {
    reply: StepUpReply
  }
  /** Prove to be there, for what asks for a fresh proof: gives the token it counts for, and ends the one shown. */
  proveFresh: {
    body: ProveFreshBody
    reply: ProveFreshReply
  }
  /** What a page asks an authenticator to sign as a fresh proof. */
  proveFreshPasskeyOptions: {
    reply: LoginPasskeyOptionsReply
  }
  /** Prove to be there with a passkey: gives the token it counts for, and ends the one shown. */
  proveFreshPasskey: {
    body: LoginPasskeyBody
    reply: ProveFreshReply
  }
  /** What protects your account besides the password. */
  factors: {
    reply: FactorsReply
  }
  /** Make the key of an authenticator app; it counts after a first code is confirmed. */
  beginTotp: {
    reply: BeginTotpReply
  }
  /** Remove the authenticator app. */
  removeTotp: {
    reply: LogoutReply
  }
  /** Confirm an authenticator app with its first code; the first factor answers recovery codes, once. */
  confirmTotp: {
    body: ConfirmTotpBody
    reply: ConfirmTotpReply
  }
  /** What a page asks an authenticator to make. */
  beginPasskey: {
    reply: LoginPasskeyOptionsReply
  }
  /** Keep a passkey; the first factor answers recovery codes, once. */
  addPasskey: {
    body: AddPasskeyBody
    reply: ConfirmTotpReply
  }
  /** Remove a passkey. */
  removePasskey: {
    params: { id: string }
    reply: LogoutReply
  }
  /** Make ten new recovery codes, shown once; the ones before are void. */
  replaceRecoveryCodes: {
    reply: ReplaceRecoveryCodesReply
  }
  /** List the keys that sign access tokens, by name and time alone. */
  signingKeys: {
    reply: SigningKeysReply
  }
  /** Make a new signing key; what the earlier ones signed counts until it expires. */
  rotateSigningKey: {
    reply: SigningKeysReply
  }
  /** Read the audit log, newest entry first. */
  auditLog: {
    query?: { limit?: number; cursor?: string; action?: string; outcome?: "success" | "failure"; from?: string; to?: string; user?: string }
    reply: AuditLogReply
  }
  /** Read what you did, and what was done to your account, newest first. */
  ownAuditLog: {
    query?: { limit?: number; cursor?: string; action?: string; outcome?: "success" | "failure"; from?: string; to?: string }
    reply: OwnAuditLogReply
  }
  /** Export the audit log, oldest entry first: as JSON Lines, which can be verified elsewhere, or as CSV for a spreadsheet. */
  exportAuditLog: {
    query?: { action?: string; outcome?: "success" | "failure"; from?: string; to?: string; user?: string; format?: "jsonl" | "csv" }
    reply: ArrayBuffer
  }
  /** Check that no entry of the audit log was altered, removed or moved; answers the first bad one. */
  verifyAuditLog: {
    reply: VerifyAuditLogReply
  }
  /** Take the audit log as it is for whole from now on, after a backup was restored. */
  acceptAuditLog: {
    reply: LogoutReply
  }
  /** Whether the server and its database work. */
  health: {
    reply: HealthReply
  }
  /** List accounts: searched, sorted, page by page. */
  managedUsers: {
    query?: { search?: string; role?: "viewer" | "analyst" | "reviewer" | "admin"; status?: "active" | "inactive"; sort?: "name" | "-name" | "email" | "-email" | "created_at" | "-created_at"; limit?: number; cursor?: string }
    reply: ManagedUsersReply
  }
  /** Read an account. */
  managedUser: {
    params: { id: string }
    reply: ManagedUserReply
  }
  /** Give an account another role, activate or deactivate it. */
  changeUser: {
    params: { id: string }
    body: ChangeUserBody
    reply: ManagedUserReply
  }
  /** List where somebody is signed in. */
  managedSessions: {
    params: { id: string }
    reply: SessionsReply
  }
  /** End every session of an account. */
  endUserSessions: {
    params: { id: string }
    reply: LogoutReply
  }
  /** End one session of an account. */
  endUserSession: {
    params: { id: string; sessionId: string }
    reply: LogoutReply
  }
  /** List failed attempts on an account that make the next one wait, or soon will. */
  userLocks: {
    params: { id: string }
    reply: UserLocksReply
  }
  /** Forget the failed attempts on an account. */
  unlockUser: {
    params: { id: string }
    reply: LogoutReply
  }
  /** Whether everybody must have a second factor, and how many have one. */
  factorPolicy: {
    reply: FactorPolicyReply
  }
  /** Require a second factor of everybody, or no longer. */
  changeFactorPolicy: {
    body: ChangeFactorPolicyBody
    reply: FactorPolicyReply
  }
  /** Take every second factor off an account whose owner has lost them, and end its sessions. */
  resetFactors: {
    params: { id: string }
    reply: LogoutReply
  }
  /** List invitations, the newest first. */
  invitations: {
    query?: { cursor?: string }
    reply: InvitationsReply
  }
  /** Invite somebody; the token in the answer is shown once. */
  createInvitation: {
    body: CreateInvitationBody
    reply: CreateInvitationReply
  }
  /** Take an invitation back. */
  revokeInvitation: {
    params: { id: string }
    reply: LogoutReply
  }
  /** Ask for a mail with a link that sets a new password; the answer is the same for every address. */
  forgotPassword: {
    body: ForgotPasswordBody
    reply: LogoutReply
  }
  /** Whose password a link sets, without using it. */
  lookAtPasswordReset: {
    body: LookAtPasswordResetBody
    reply: LookAtPasswordResetReply
  }
  /** Set a new password by a link, once, and end every session. */
  resetPassword: {
    body: ResetPasswordBody
    reply: LogoutReply
  }
  /** Read whether your e-mail address is confirmed, and a change of it that is not yet. */
  emailState: {
    reply: EmailStateReply
  }
  /** Have a mail with a link sent that confirms your address. */
  sendVerification: {
    reply: LogoutReply
  }
  /** Change your e-mail address; where mail is sent it counts when both addresses have confirmed. */
  changeEmail: {
    body: ChangeEmailBody
    reply: ChangeEmailReply
  }
  /** Take a change back that both addresses have not confirmed yet. */
  cancelEmailChange: {
    reply: LogoutReply
  }
  /** What a link from a mail confirms, without confirming it. */
  lookAtConfirmation: {
    body: LookAtPasswordResetBody
    reply: LookAtConfirmationReply
  }
  /** Confirm an e-mail address, or one half of a change. */
  confirmEmail: {
    body: LookAtPasswordResetBody
    reply: ConfirmEmailReply
  }
  /** Make a link that sets somebody's password, shown once, to hand over to them. */
  createResetLink: {
    params: { id: string }
    reply: CreateResetLinkReply
  }
  /** List your API keys. */
  apiKeys: {
    reply: ApiKeysReply
  }
  /** Make an API key for a script; answers its secret, once. */
  createApiKey: {
    body: CreateApiKeyBody
    reply: CreateApiKeyReply
  }
  /** Give an API key a new secret, shown once, and its whole life anew; the old one works on for the grace. */
  rotateApiKey: {
    params: { id: string }
    body: RotateApiKeyBody
    reply: CreateApiKeyReply
  }
  /** End the grace of a rotation: the old secret is dead at once. */
  endApiKeyGrace: {
    params: { id: string }
    reply: LogoutReply
  }
  /** Revoke an API key: its secrets are dead at once. */
  revokeApiKey: {
    params: { id: string }
    reply: LogoutReply
  }
  /** List the workspaces you see: your own, shared ones, and for administrators those without an owner. */
  workspaces: {
    reply: WorkspacesReply
  }
  /** Make a workspace to share. */
  createWorkspace: {
    body: UpdateProfileBody
    reply: CreateWorkspaceReply
  }
  /** Rename a workspace of yours. */
  changeWorkspace: {
    params: { id: string }
    body: UpdateProfileBody
    reply: CreateWorkspaceReply
  }
  /** List who sees a workspace. */
  workspaceMembers: {
    params: { id: string }
    reply: WorkspaceMembersReply
  }
  /** Let somebody into a shared workspace, give a member another role, or hand it over. */
  addWorkspaceMember: {
    params: { id: string }
    body: AddWorkspaceMemberBody
    reply: WorkspaceMembersReply
  }
  /** Take somebody out of a shared workspace, or leave it. */
  removeWorkspaceMember: {
    params: { id: string; user_id: string }
    reply: LogoutReply
  }
  /** List strategies: search, filter, sort, page by page. */
  strategies: {
    query?: { limit?: number; cursor?: string; search?: string; strategy_type?: string; tag?: string; status?: "active" | "archived" | "any"; stage?: "research" | "dev" | "crv" | "product"; owner_id?: string; workspace_id?: string; sort?: "-updated_at" | "updated_at" | "-created_at" | "created_at" | "name" | "-name" }
    reply: StrategiesReply
  }
  /** Record a strategy, with its parameters as version 1. */
  createStrategy: {
    body: CreateStrategyBody
    reply: CreateStrategyReply
  }
  /** List the types, tags and authors that strategies can be filtered by. */
  strategyFacets: {
    reply: StrategyFacetsReply
  }
  /** Read a strategy. */
  strategy: {
    params: { id: string }
    reply: CreateStrategyReply
  }
  /** Change the name, type, description, tags or workspace of a strategy. */
  changeStrategy: {
    params: { id: string }
    body: ChangeStrategyBody
    reply: CreateStrategyReply
  }
  /** Put a strategy away; everything recorded for it stays. */
  archiveStrategy: {
    params: { id: string }
    reply: CreateStrategyReply
  }
  /** Take a strategy out of the archive. */
  restoreStrategy: {
    params: { id: string }
    reply: CreateStrategyReply
  }
  /** List the versions of a strategy, newest first. */
  strategyVersions: {
    params: { id: string }
    query?: { limit?: number; cursor?: string }
    reply: StrategyVersionsReply
  }
  /** Record other parameters as a new version; the newest ones again make none. */
  createStrategyVersion: {
    params: { id: string }
    body: CreateStrategyVersionBody
    reply: CreateStrategyVersionReply
  }
  /** List backtests, newest first, page by page. */
  backtests: {
    query?: { limit?: number; cursor?: string; strategy_id?: string; strategy_version?: number; status?: "pending" | "running" | "completed" | "failed"; workspace_id?: string; sort?: "-created_at" | "created_at" }
    reply: BacktestsReply
  }
  /** Start a backtest whose points and trades follow; with an Idempotency-Key only once. */
  startBacktest: {
    body: StartBacktestBody
    reply: StartBacktestReply
  }
  /** Compare up to ten backtests: their figures, and the inputs and parameters that differ. */
  compareBacktests: {
    query: { ids: string }
    reply: CompareBacktestsReply
  }
  /** Record a finished backtest in one call, plain or with gzip; with an Idempotency-Key only once. */
  recordBacktest: {
    body: RecordBacktestBody
    reply: StartBacktestReply
  }
  /** Read a backtest with all its figures. */
  backtest: {
    params: { id: string }
    reply: StartBacktestReply
  }
  /** Read how many rows a backtest holds: where to go on after a break. */
  backtestProgress: {
    params: { id: string }
    reply: BacktestProgressReply
  }
  /** Tell how far a running backtest has come. */
  setBacktestProgress: {
    params: { id: string }
    body: SetBacktestProgressBody
    reply: BacktestProgressReply
  }
  /** Append points of equity as JSON, CSV, NDJSON or pairs of Float64, plain or with gzip; sent again, they change nothing. */
  appendPoints: {
    params: { id: string }
    query: { offset: number }
    body: AppendPointsBody
    reply: BacktestProgressReply
  }
  /** Append trades as JSON, CSV or NDJSON, plain or with gzip; sent again, they change nothing. */
  appendTrades: {
    params: { id: string }
    query: { offset: number }
    body: AppendTradesBody
    reply: BacktestProgressReply
  }
  /** List the trades of a backtest, sorted by a column. */
  backtestTrades: {
    params: { id: string }
    query?: { limit?: number; cursor?: string; sort?: "index" | "entry_at" | "exit_at" | "quantity" | "profit" | "instrument" | "-index" | "-entry_at" | "-exit_at" | "-quantity" | "-profit" | "-instrument" }
    reply: BacktestTradesReply
  }
  /** Complete a running backtest: its figures are computed and it does not change any more. */
  completeBacktest: {
    params: { id: string }
    body: CompleteBacktestBody
    reply: StartBacktestReply
  }
  /** End a running backtest with the reason it failed. */
  failBacktest: {
    params: { id: string }
    body: FailBacktestBody
    reply: StartBacktestReply
  }
  /** Read the equity curve, or a stretch of it, in as many points as a chart needs; as JSON or as Float64. */
  backtestCurve: {
    params: { id: string }
    query?: { from?: number; to?: number; points?: number }
    reply: BacktestCurveReply
  }
  /** Read how the returns of a backtest are spread, and its Sharpe ratio over time. */
  backtestReturns: {
    params: { id: string }
    query?: { window?: number }
    reply: BacktestReturnsReply
  }
  /** Download all trades of a backtest as CSV, in the order of recording. */
  backtestTradesCsv: {
    params: { id: string }
    reply: ArrayBuffer
  }
  /** List the validations of a strategy, newest first. */
  validations: {
    params: { id: string }
    query?: { limit?: number; cursor?: string; strategy_version?: number }
    reply: ValidationsReply
  }
  /** Record a walk-forward run of a script's own, judged by a stated rule. */
  postValidation: {
    params: { id: string }
    body: PostValidationBody
    reply: PostValidationReply
  }
  /** Cut the recorded curve of a backtest into walk-forward windows, judged by a stated rule. */
  cutValidation: {
    params: { id: string }
    body: CutValidationBody
    reply: PostValidationReply
  }
  /** Read a validation with all its windows. */
  validation: {
    params: { id: string }
    reply: PostValidationReply
  }
  /** List the policy of each gate that is in force. */
  gatePolicies: {
    reply: GatePoliciesReply
  }
  /** List all versions of a gate's policy, newest first. */
  gatePolicyHistory: {
    params: { gate: string }
    reply: GatePoliciesReply
  }
  /** Put a new version of a policy in force, as YAML or JSON. */
  recordGatePolicy: {
    params: { gate: string }
    body: RecordGatePolicyBody
    reply: RecordGatePolicyReply
  }
  /** See what a policy would say of the strategies you see; nothing is kept. */
  dryRunGatePolicy: {
    params: { gate: string }
    body: DryRunGatePolicyBody
    reply: DryRunGatePolicyReply
  }
  /** Hold a strategy version against a gate, and keep what came of it for ever. */
  evaluateGate: {
    params: { id: string; gate: string }
    body: EvaluateGateBody
    reply: EvaluateGateReply
  }
  /** List the gate results of a strategy, newest first. */
  gateResults: {
    params: { id: string }
    query?: { limit?: number; cursor?: string; gate?: "dev" | "crv" | "product"; strategy_version?: number }
    reply: GateResultsReply
  }
  /** Read a gate result: policy, evidence and every check as they were. */
  gateResult: {
    params: { id: string }
    reply: EvaluateGateReply
  }
  /** List promotions, newest first; pending ones wait for a reviewer. */
  promotions: {
    query?: { limit?: number; cursor?: string; strategy_id?: string; status?: "pending" | "approved" | "declined" }
    reply: PromotionsReply
  }
  /** Ask for a strategy version to go one stage up; its gate must have passed. */
  requestPromotion: {
    params: { id: string }
    body: RequestPromotionBody
    reply: RequestPromotionReply
  }
  /** Agree to the promotion of somebody else's work, with a comment. */
  approvePromotion: {
    params: { id: string }
    body: ApprovePromotionBody
    reply: RequestPromotionReply
  }
  /** Decline the promotion of somebody else's work, with a comment. */
  declinePromotion: {
    params: { id: string }
    body: ApprovePromotionBody
    reply: RequestPromotionReply
  }
  /** Download the whole evidence of a strategy as a .tar.gz with hashes, to be checked anywhere. */
  strategyEvidence: {
    params: { id: string }
    reply: ArrayBuffer
  }
  /** Read what happened after an event, oldest first. */
  events: {
    query?: { after?: number; limit?: number }
    reply: EventsReply
  }
  /** Read what happened last, to all you see or to one strategy, newest first, without the progress of runs. */
  recentEvents: {
    query?: { limit?: number; cursor?: string; strategy_id?: string }
    reply: RecentEventsReply
  }
}

const ROUTES: Record<keyof Operations, readonly [method: string, path: string]> = {
  register: ['POST', '/api/auth/register'],
  authSettings: ['GET', '/api/auth/settings'],
  createFirstAdministrator: ['POST', '/api/auth/first-administrator'],
  lookAtInvitation: ['POST', '/api/auth/invitation'],
  login: ['POST', '/api/auth/login'],
  loginSecondFactor: ['POST', '/api/auth/login/second-factor'],
  loginPasskeyOptions: ['POST', '/api/auth/login/passkey/options'],
  loginPasskey: ['POST', '/api/auth/login/passkey'],
  verify: ['GET', '/api/auth/verify'],
  permissions: ['GET', '/api/auth/me/permissions'],
  logout: ['POST', '/api/auth/logout'],
  changePassword: ['POST', '/api/auth/change-password'],
  updateProfile: ['PATCH', '/api/auth/profile'],
  accountData: ['GET', '/api/auth/my-data'],
  deleteAccount: ['POST', '/api/auth/delete-account'],
  refresh: ['POST', '/api/auth/refresh'],
  sessions: ['GET', '/api/auth/sessions'],
  revokeSession: ['DELETE', '/api/auth/sessions/{id}'],
  revokeOtherSessions: ['POST', '/api/auth/sessions/revoke-others'],
  stepUp: ['GET', '/api/auth/step-up'],
  proveFresh: ['POST', '/api/auth/step-up'],
  proveFreshPasskeyOptions: ['POST', '/api/auth/step-up/passkey/options'],
  proveFreshPasskey: ['POST', '/api/auth/step-up/passkey'],
  factors: ['GET', '/api/auth/factors'],
  beginTotp: ['POST', '/api/auth/factors/totp'],
  removeTotp: ['DELETE', '/api/auth/factors/totp'],
  confirmTotp: ['POST', '/api/auth/factors/totp/confirm'],
  beginPasskey: ['POST', '/api/auth/factors/passkeys/options'],
  addPasskey: ['POST', '/api/auth/factors/passkeys'],
  removePasskey: ['DELETE', '/api/auth/factors/passkeys/{id}'],
  replaceRecoveryCodes: ['POST', '/api/auth/factors/recovery-codes'],
  signingKeys: ['GET', '/api/admin/signing-keys'],
  rotateSigningKey: ['POST', '/api/admin/signing-keys/rotate'],
  auditLog: ['GET', '/api/audit'],
  ownAuditLog: ['GET', '/api/audit/mine'],
  exportAuditLog: ['GET', '/api/audit/export'],
  verifyAuditLog: ['POST', '/api/audit/verify'],
  acceptAuditLog: ['POST', '/api/audit/accept'],
  health: ['GET', '/api/health'],
  managedUsers: ['GET', '/api/admin/users'],
  managedUser: ['GET', '/api/admin/users/{id}'],
  changeUser: ['PATCH', '/api/admin/users/{id}'],
  managedSessions: ['GET', '/api/admin/users/{id}/sessions'],
  endUserSessions: ['DELETE', '/api/admin/users/{id}/sessions'],
  endUserSession: ['DELETE', '/api/admin/users/{id}/sessions/{sessionId}'],
  userLocks: ['GET', '/api/admin/users/{id}/locks'],
  unlockUser: ['DELETE', '/api/admin/users/{id}/locks'],
  factorPolicy: ['GET', '/api/admin/second-factor'],
  changeFactorPolicy: ['PUT', '/api/admin/second-factor'],
  resetFactors: ['DELETE', '/api/admin/users/{id}/factors'],
  invitations: ['GET', '/api/admin/invitations'],
  createInvitation: ['POST', '/api/admin/invitations'],
  revokeInvitation: ['DELETE', '/api/admin/invitations/{id}'],
  forgotPassword: ['POST', '/api/auth/forgot-password'],
  lookAtPasswordReset: ['POST', '/api/auth/reset-password/look'],
  resetPassword: ['POST', '/api/auth/reset-password'],
  emailState: ['GET', '/api/auth/email'],
  sendVerification: ['POST', '/api/auth/email/verification'],
  changeEmail: ['POST', '/api/auth/change-email'],
  cancelEmailChange: ['DELETE', '/api/auth/email/change'],
  lookAtConfirmation: ['POST', '/api/auth/confirm-email/look'],
  confirmEmail: ['POST', '/api/auth/confirm-email'],
  createResetLink: ['POST', '/api/admin/users/{id}/reset-link'],
  apiKeys: ['GET', '/api/auth/keys'],
  createApiKey: ['POST', '/api/auth/keys'],
  rotateApiKey: ['POST', '/api/auth/keys/{id}/rotate'],
  endApiKeyGrace: ['DELETE', '/api/auth/keys/{id}/old-secret'],
  revokeApiKey: ['DELETE', '/api/auth/keys/{id}'],
  workspaces: ['GET', '/api/v1/workspaces'],
  createWorkspace: ['POST', '/api/v1/workspaces'],
  changeWorkspace: ['PATCH', '/api/v1/workspaces/{id}'],
  workspaceMembers: ['GET', '/api/v1/workspaces/{id}/members'],
  addWorkspaceMember: ['POST', '/api/v1/workspaces/{id}/members'],
  removeWorkspaceMember: ['DELETE', '/api/v1/workspaces/{id}/members/{user_id}'],
  strategies: ['GET', '/api/v1/strategies'],
  createStrategy: ['POST', '/api/v1/strategies'],
  strategyFacets: ['GET', '/api/v1/strategies/facets'],
  strategy: ['GET', '/api/v1/strategies/{id}'],
  changeStrategy: ['PATCH', '/api/v1/strategies/{id}'],
  archiveStrategy: ['POST', '/api/v1/strategies/{id}/archive'],
  restoreStrategy: ['POST', '/api/v1/strategies/{id}/restore'],
  strategyVersions: ['GET', '/api/v1/strategies/{id}/versions'],
  createStrategyVersion: ['POST', '/api/v1/strategies/{id}/versions'],
  backtests: ['GET', '/api/v1/backtests'],
  startBacktest: ['POST', '/api/v1/backtests'],
  compareBacktests: ['GET', '/api/v1/backtests/compare'],
  recordBacktest: ['POST', '/api/v1/backtests/record'],
  backtest: ['GET', '/api/v1/backtests/{id}'],
  backtestProgress: ['GET', '/api/v1/backtests/{id}/progress'],
  setBacktestProgress: ['POST', '/api/v1/backtests/{id}/progress'],
  appendPoints: ['POST', '/api/v1/backtests/{id}/points'],
  appendTrades: ['POST', '/api/v1/backtests/{id}/trades'],
  backtestTrades: ['GET', '/api/v1/backtests/{id}/trades'],
  completeBacktest: ['POST', '/api/v1/backtests/{id}/complete'],
  failBacktest: ['POST', '/api/v1/backtests/{id}/fail'],
  backtestCurve: ['GET', '/api/v1/backtests/{id}/curve'],
  backtestReturns: ['GET', '/api/v1/backtests/{id}/returns'],
  backtestTradesCsv: ['GET', '/api/v1/backtests/{id}/trades.csv'],
  validations: ['GET', '/api/v1/strategies/{id}/validations'],
  postValidation: ['POST', '/api/v1/strategies/{id}/validations'],
  cutValidation: ['POST', '/api/v1/backtests/{id}/validations'],
  validation: ['GET', '/api/v1/validations/{id}'],
  gatePolicies: ['GET', '/api/v1/gates'],
  gatePolicyHistory: ['GET', '/api/v1/gates/{gate}/policies'],
  recordGatePolicy: ['POST', '/api/v1/gates/{gate}/policies'],
  dryRunGatePolicy: ['POST', '/api/v1/gates/{gate}/dry-run'],
  evaluateGate: ['POST', '/api/v1/strategies/{id}/gates/{gate}/evaluate'],
  gateResults: ['GET', '/api/v1/strategies/{id}/gate-results'],
  gateResult: ['GET', '/api/v1/gate-results/{id}'],
  promotions: ['GET', '/api/v1/promotions'],
  requestPromotion: ['POST', '/api/v1/strategies/{id}/promotions'],
  approvePromotion: ['POST', '/api/v1/promotions/{id}/approve'],
  declinePromotion: ['POST', '/api/v1/promotions/{id}/decline'],
  strategyEvidence: ['GET', '/api/v1/strategies/{id}/evidence'],
  events: ['GET', '/api/v1/events'],
  recentEvents: ['GET', '/api/v1/events/recent'],
}

/** The server said no. `code` is a stable word to branch on; `errors` says which field or row is wrong, and why. */
export class AureliusError extends Error {
  override name = 'AureliusError'
  readonly status: number
  readonly code: string
  readonly errors: { field: string; message: string; code: string }[]

  constructor(status: number, problem: { detail?: string; code?: string; errors?: AureliusError['errors'] }) {
    super(problem.detail ?? `Aurelius answered with status ${status}.`)
    this.status = status
    this.code = problem.code ?? 'unknown'
    this.errors = problem.errors ?? []
  }
}

export interface ClientOptions {
  /** Where the API is: AURELIUS_URL in a script that `aurelius run` started. */
  origin: string
  /** An API key, or what gives one or an access token: AURELIUS_API_KEY in such a script. */
  key: string | (() => string | Promise<string>)
  /** Instead of the fetch that is there. */
  fetch?: typeof fetch
}

interface More {
  /** Makes it safe to send a request again that starts or records a run. */
  idempotencyKey?: string
  signal?: AbortSignal
}

type Input<Name extends keyof Operations> = Omit<Operations[Name], 'reply'> & More
type Needed<Name extends keyof Operations> =
  Record<never, never> extends Omit<Operations[Name], 'reply'> ? [input?: Input<Name>] : [input: Input<Name>]

/** Each operation by its name: `client.strategies({ query: { search: 'carry' } })`. */
export type Client = {
  [Name in keyof Operations]: (...input: Needed<Name>) => Promise<Operations[Name]['reply']>
}

/** @throws {TypeError} the key would cross the network in clear */
export function createClient({ origin, key, fetch: send = globalThis.fetch }: ClientOptions): Client {
  const base = new URL(origin)
  if (base.protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(base.hostname))
    throw new TypeError('The key would cross the network in clear: use https for another machine.')

  async function call(
    [method, path]: readonly [string, string],
    input: { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown } & More = {},
  ): Promise<unknown> {
    const { params = {}, query = {}, body, idempotencyKey, signal } = input
    const url = new URL(
      path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(params[name] ?? '')),
      base,
    )
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const headers: Record<string, string> = {
      accept: 'application/json, application/problem+json, */*;q=0.1',
      authorization: `Bearer ${typeof key === 'string' ? key : await key()}`,
    }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey
    const reply = await send(url, {
      method,
      headers,
      redirect: 'error',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    const isJson = /[/+]json(;|$)/.test(reply.headers.get('content-type') ?? '')
    if (!reply.ok) throw new AureliusError(reply.status, isJson ? await reply.json() : {})
    return isJson ? reply.json() : reply.arrayBuffer()
  }

  return Object.fromEntries(
    Object.entries(ROUTES).map(([name, route]) => [name, (input?: object) => call(route, input)]),
  ) as Client
}
