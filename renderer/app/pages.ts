import { lazy } from 'react'

const loadHome = () => import('../home/home-page')
const loadPeople = () => import('../admin/people-page')
const loadInvitations = () => import('../admin/invitations-page')
const loadAudit = () => import('../audit/audit-page')
const loadRoles = () => import('../admin/roles-page')
const loadKeys = () => import('../keys/keys-page')
const loadSecondFactor = () => import('../admin/second-factor-page')
const loadRequiredFactor = () => import('../profile/factors/required-factor')
const loadStepUp = () => import('../auth/step-up-dialog')
const loadServer = () => import('../admin/server-page')
const loadProfile = () => import('../profile/profile-page')
const loadStrategies = () => import('../ledger/strategies-page')
const loadStrategy = () => import('../ledger/strategy-page')
const loadBacktest = () => import('../ledger/backtest-page')
const loadValidation = () => import('../validations/validation-page')
const loadCompare = () => import('../compare/compare-page')
const loadImport = () => import('../import/import-page')
const loadReport = () => import('../report/report-page')
const loadPolicies = () => import('../gates/policies-page')
const loadPolicy = () => import('../gates/policy-page')
const loadStrategyGate = () => import('../gates/strategy-gate-page')

/** Pages of signed-in people are no part of what the sign-in page loads: it is what a start waits for. */
export const HomePage = lazy(async () => ({ default: (await loadHome()).HomePage }))
export const KeysPage = lazy(async () => ({ default: (await loadKeys()).KeysPage }))
export const ProfilePage = lazy(async () => ({ default: (await loadProfile()).ProfilePage }))
export const StrategiesPage = lazy(async () => ({ default: (await loadStrategies()).StrategiesPage }))
export const StrategyPage = lazy(async () => ({ default: (await loadStrategy()).StrategyPage }))
export const BacktestPage = lazy(async () => ({ default: (await loadBacktest()).BacktestPage }))
export const StrategyGatePage = lazy(async () => ({ default: (await loadStrategyGate()).StrategyGatePage }))
export const PoliciesPage = lazy(async () => ({ default: (await loadPolicies()).PoliciesPage }))
export const PolicyPage = lazy(async () => ({ default: (await loadPolicy()).PolicyPage }))
export const ValidationPage = lazy(async () => ({ default: (await loadValidation()).ValidationPage }))
export const ComparePage = lazy(async () => ({ default: (await loadCompare()).ComparePage }))
export const ImportPage = lazy(async () => ({ default: (await loadImport()).ImportPage }))
export const ReportPage = lazy(async () => ({ default: (await loadReport()).ReportPage }))
export const PeoplePage = lazy(async () => ({ default: (await loadPeople()).PeoplePage }))
export const InvitationsPage = lazy(async () => ({ default: (await loadInvitations()).InvitationsPage }))
export const AuditPage = lazy(async () => ({ default: (await loadAudit()).AuditPage }))
export const RolesPage = lazy(async () => ({ default: (await loadRoles()).RolesPage }))
export const SecondFactorPage = lazy(async () => ({ default: (await loadSecondFactor()).SecondFactorPage }))
export const RequiredFactor = lazy(async () => ({ default: (await loadRequiredFactor()).RequiredFactor }))
export const StepUpDialog = lazy(async () => ({ default: (await loadStepUp()).StepUpDialog }))
export const ServerPage = lazy(async () => ({ default: (await loadServer()).ServerPage }))

/** Seldom opened, and from a mail more often than from sign-in. */
export const ForgotPasswordPage = lazy(async () => ({
  default: (await import('../auth/forgot-password-page')).ForgotPasswordPage,
}))
export const ConfirmEmailPage = lazy(async () => ({
  default: (await import('../auth/confirm-email-page')).ConfirmEmailPage,
}))
export const ResetPasswordPage = lazy(async () => ({
  default: (await import('../auth/reset-password-page')).ResetPasswordPage,
}))

const COMMON = [loadHome, loadProfile, loadKeys, loadStrategies, loadStrategy, loadBacktest, loadStepUp]

/** Loads the pages of everybody ahead of need, so that going to one waits for nothing and works while the server is away. */
export function prefetchPages(): void {
  for (const load of COMMON) load().catch(() => undefined) // asked for again when it is opened
}
