import { deferred } from '../ui/deferred'

/** Pages of signed-in people are no part of what the sign-in page loads: it is what a start waits for. */
export const HomePage = deferred(async () => (await import('../home/home-page')).HomePage)
export const KeysPage = deferred(async () => (await import('../keys/keys-page')).KeysPage)
export const ProfilePage = deferred(async () => (await import('../profile/profile-page')).ProfilePage)
export const StrategiesPage = deferred(async () => (await import('../ledger/strategies-page')).StrategiesPage)
export const StrategyPage = deferred(async () => (await import('../ledger/strategy-page')).StrategyPage)
export const BacktestPage = deferred(async () => (await import('../ledger/backtest-page')).BacktestPage)
export const StrategyGatePage = deferred(async () => (await import('../gates/strategy-gate-page')).StrategyGatePage)
export const PoliciesPage = deferred(async () => (await import('../gates/policies-page')).PoliciesPage)
export const PolicyPage = deferred(async () => (await import('../gates/policy-page')).PolicyPage)
export const ValidationPage = deferred(async () => (await import('../validations/validation-page')).ValidationPage)
export const ComparePage = deferred(async () => (await import('../compare/compare-page')).ComparePage)
export const ImportPage = deferred(async () => (await import('../import/import-page')).ImportPage)
export const ReportPage = deferred(async () => (await import('../report/report-page')).ReportPage)
export const PeoplePage = deferred(async () => (await import('../admin/people-page')).PeoplePage)
export const InvitationsPage = deferred(async () => (await import('../admin/invitations-page')).InvitationsPage)
export const AuditPage = deferred(async () => (await import('../audit/audit-page')).AuditPage)
export const RolesPage = deferred(async () => (await import('../admin/roles-page')).RolesPage)
export const SecondFactorPage = deferred(async () => (await import('../admin/second-factor-page')).SecondFactorPage)
export const RequiredFactor = deferred(async () => (await import('../profile/factors/required-factor')).RequiredFactor)
export const StepUpDialog = deferred(async () => (await import('../auth/step-up-dialog')).StepUpDialog)
export const ServerPage = deferred(async () => (await import('../admin/server-page')).ServerPage)

/** Seldom opened, and from a mail more often than from sign-in. */
export const ForgotPasswordPage = deferred(
  async () => (await import('../auth/forgot-password-page')).ForgotPasswordPage,
)
export const ConfirmEmailPage = deferred(async () => (await import('../auth/confirm-email-page')).ConfirmEmailPage)
export const ResetPasswordPage = deferred(async () => (await import('../auth/reset-password-page')).ResetPasswordPage)

const COMMON = [HomePage, ProfilePage, KeysPage, StrategiesPage, StrategyPage, BacktestPage, StepUpDialog]

/** Loads the pages of everybody ahead of need, so that going to one waits for nothing and works while the server is away. */
export function prefetchPages(): void {
  for (const page of COMMON) page.load().catch(() => undefined) // asked for again when it is opened
}
