import { type AuditAction, type AuditDetails, type AuditOutcome, auditActions } from '../../contracts/audit'
import { roles } from '../../contracts/scopes'

/** Who did it and to whose account, in the words of a reader: "You" and "your", or "Ada" and "her own" by name. */
export interface Told {
  who: string
  whose: string
  action: string
  outcome: AuditOutcome
  details: Record<string, unknown>
}

/** In place of whose account it is, where it is about none. */
export const NOBODYS = 'somebody’s'

type Sentence<Action extends AuditAction> = (
  told: { who: string; whose: string; failed: boolean },
  details: AuditDetails<Action>,
) => string

const FACTORS = { totp: 'an authenticator app', passkey: 'a passkey' }
const PROOFS: Record<string, string> = {
  totp: 'a code of the authenticator app',
  passkey: 'a passkey',
  recovery_code: 'a recovery code',
  password: 'the password',
}
const WRONG: Record<string, string> = {
  wrong_password: 'with a wrong password',
  wrong_code: 'with a wrong code',
  wrong_passkey: 'with a passkey that does not fit',
  account_inactive: 'although it is not active',
}
const ATTEMPTS: Record<string, string> = {
  'sign-in': 'to sign in',
  registration: 'to create accounts',
  admission: 'to use a code or a link for new accounts',
  renewal: 'to renew a session',
  'password-reset': 'to have a password reset',
  link: 'to use a link',
  'password-change': 'to change the password',
  'email-change': 'to change the e-mail address',
  'second-factor': 'to give a second factor',
  passkey: 'to use a passkey',
  'passkey-options': 'to use a passkey',
  'step-up': 'to confirm their identity',
}
const STRATEGY_CHANGES = {
  edited: 'edited a strategy',
  moved: 'moved a strategy to another workspace',
  archived: 'archived a strategy',
  restored: 'restored a strategy',
}
const VERDICTS = { passed: 'passed', failed: 'failed', inconclusive: 'was inconclusive' }
const KEY_REFUSALS = {
  unknown: 'that does not exist',
  revoked: 'that was revoked',
  expired: 'that has expired',
  account_inactive: 'of an account that is not active',
  address: 'from an address it is not for',
}

const counted = (amount: number, unit: string) => `${amount.toLocaleString('en-GB')} ${unit}${amount === 1 ? '' : 's'}`

const titled = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

/** What an entry says, as a sentence without its full stop. */
const SENTENCES: { [Action in AuditAction]: Sentence<Action> } = {
  'account.registered': ({ who, whose, failed }) =>
    failed ? `${who} tried to create an account with ${whose} e-mail address` : `${who} created an account`,
  'account.password_changed': ({ who, whose, failed }) =>
    failed
      ? `${who} tried to change ${whose} password, but gave a wrong current one`
      : `${who} changed ${whose} password`,
  'account.password_reset_requested': ({ who, whose }) => `${who} asked for a link to reset ${whose} password`,
  'account.password_reset_link_made': ({ who, whose }) => `${who} made a link to reset ${whose} password`,
  'account.password_reset': ({ who, whose }) => `${who} reset ${whose} password`,
  'account.email_verified': ({ whose }) => `${titled(whose)} e-mail address was confirmed by its link`,
  'account.email_change_requested': ({ who, whose, failed }) =>
    failed
      ? `${who} tried to change ${whose} e-mail address with a wrong password`
      : `${who} asked for ${whose} e-mail address to be changed`,
  'account.email_changed': ({ who, whose }, { confirmed }) =>
    confirmed === 'password'
      ? `${who} changed ${whose} e-mail address`
      : `${titled(whose)} e-mail address was changed, as both addresses had confirmed`,
  'account.renamed': ({ who, whose }) => `${who} changed the name of ${whose} account`,
  'account.data_downloaded': ({ who, whose }) => `${who} downloaded ${whose} data`,
  'account.deleted': ({ who, whose, failed }) =>
    failed ? `${who} tried to delete ${whose} account with a wrong password` : `${who} deleted ${whose} account`,
  'user.role_changed': ({ who, whose }, { from, to }) =>
    `${who} changed ${whose} role from ${roles[from].label} to ${roles[to].label}`,
  'user.activated': ({ who, whose }) => `${who} activated ${whose} account`,
  'user.deactivated': ({ who, whose }) => `${who} deactivated ${whose} account`,
  'user.sessions_ended': ({ who, whose }, { sessions }) =>
    `${who} ended ${counted(sessions, 'session')} of ${whose} account`,
  'user.unlocked': ({ who, whose }) => `${who} lifted the lock on ${whose} account`,
  'setup.completed': ({ who }) => `${who} set up Aurelius as its first administrator`,
  'setup.refused': ({ who }) => `${who} tried to set up Aurelius with a wrong code`,
  'invitation.created': ({ who }, { role }) => `${who} invited somebody as ${roles[role].label}`,
  'invitation.revoked': ({ who }) => `${who} withdrew an invitation`,
  'invitation.accepted': ({ who }, { role }) => `${who} accepted an invitation as ${roles[role].label}`,
  'session.signed_in': ({ who, whose, failed }, { reason, second_factor: factor }) => {
    if (reason === 'unknown_account') return `${who} tried to sign in to an account that does not exist`
    if (failed) return `${who} tried to sign in to ${whose} account ${WRONG[reason ?? ''] ?? ''}`.trimEnd()
    return factor ? `${who} signed in with ${PROOFS[factor]}` : `${who} signed in`
  },
  'session.proved': ({ who, failed }, { method, reason }) =>
    failed
      ? `${who} tried to confirm their identity ${WRONG[reason ?? ''] ?? ''}`.trimEnd()
      : `${who} confirmed their identity${method ? ` with ${PROOFS[method]}` : ''}`,
  'session.signed_out': ({ who }) => `${who} signed out`,
  'session.revoked': ({ who, whose }) => `${who} ended a session of ${whose} account`,
  'session.others_revoked': ({ who }, { sessions }) =>
    `${who} signed out everywhere else (${counted(sessions, 'session')})`,
  'session.refresh_token_reused': ({ whose }) =>
    `A session of ${whose} account was ended, because a token that was used up was shown again`,
  'session.renewal_refused': ({ who, whose }) =>
    `${who} tried to renew a session of ${whose} account without the key of its browser`,
  'factor.begun': ({ who }, { factor }) => `${who} began to set up ${FACTORS[factor]}`,
  'factor.confirmed': ({ who, whose, failed }, { factor }) =>
    failed
      ? `${who} tried to confirm ${FACTORS[factor]} with a wrong code`
      : `${who} added ${FACTORS[factor]} to ${whose} account`,
  'factor.removed': ({ who, whose }, { factor }) => `${who} removed ${FACTORS[factor]} from ${whose} account`,
  'factor.recovery_codes_replaced': ({ who, whose }) => `${who} replaced ${whose} recovery codes`,
  'factor.reset': ({ who, whose }) => `${who} removed every second factor of ${whose} account`,
  'server.second_factor_required': ({ who }, { required }) =>
    required ? `${who} made a second factor a must for everybody` : `${who} left the second factor to everybody again`,
  'api_key.created': ({ who }, { scopes, expires }) =>
    `${who} made an API key for ${scopes.join(', ')}${expires ? '' : ', which never expires'}`,
  'api_key.first_used': ({ who }) => `${who} used an API key for the first time`,
  'api_key.rotated': ({ who }) => `${who} replaced the secret of an API key`,
  'api_key.previous_ended': ({ who }) => `${who} ended the old secret of an API key`,
  'api_key.revoked': ({ who }) => `${who} revoked an API key`,
  'api_key.refused': ({ who }, { reason }) => `${who} showed an API key ${KEY_REFUSALS[reason]}`,
  'signing_key.rotated': ({ who }) => `${who} made a new signing key`,
  'signing_key.destroyed': ({ who }) => `${who} destroyed a signing key that signs nothing any more`,
  'workspace.created': ({ who }) => `${who} made a workspace`,
  'workspace.renamed': ({ who }) => `${who} renamed a workspace`,
  'workspace.member_added': ({ who }, { role }) => `${who} let somebody into a workspace as ${role}`,
  'workspace.left_behind': ({ who }) => `${who} left a workspace to the administrators`,
  'workspace.member_removed': ({ who }) => `${who} removed somebody from a workspace`,
  'strategy.created': ({ who }) => `${who} created a strategy`,
  'strategy.changed': ({ who }, { change, version }) =>
    change === 'version' ? `${who} added version ${version} to a strategy` : `${who} ${STRATEGY_CHANGES[change]}`,
  'backtest.started': ({ who }) => `${who} started a backtest`,
  'backtest.completed': ({ who }) => `${who} recorded a backtest`,
  'backtest.failed': ({ who }) => `${who} reported that a backtest failed`,
  'validation.completed': ({ who }, { verdict }) => `${who} recorded a validation, which ${VERDICTS[verdict]}`,
  'gate_policy.recorded': ({ who }, { gate, version }) =>
    `${who} recorded version ${version} of the policy of gate ${gate}`,
  'gate.evaluated': ({ who }, { gate, verdict }) =>
    `${who} evaluated a strategy at gate ${gate}, where it ${VERDICTS[verdict]}`,
  'promotion.requested': ({ who }) => `${who} asked for a promotion`,
  'promotion.approved': ({ who }) => `${who} agreed to a promotion`,
  'promotion.declined': ({ who }) => `${who} declined a promotion`,
  'evidence.exported': ({ who }) => `${who} exported the evidence of a strategy`,
  'limit.reached': ({ who, whose }, { policy }) =>
    `${who} tried too often ${ATTEMPTS[policy] ?? 'to do something'}, and has to wait${whose === NOBODYS ? '' : ` (${whose} account)`}`,
  'audit.verified': ({ who, failed }, { entries, first_bad: bad }) =>
    failed && bad !== undefined
      ? `${who} verified the audit log: entry ${bad} is not as it was written`
      : `${who} verified the audit log: ${counted(entries, 'entry').replace(/entrys$/, 'entries')} intact`,
  'audit.end_accepted': ({ who }) => `${who} accepted the audit log as it is, after a backup was restored`,
  'audit.exported': ({ who }, { format }) =>
    `${who} exported the audit log as ${format === 'csv' ? 'CSV' : 'JSON Lines'}`,
  'audit.failures_left_out': (_told, { entries }) =>
    `${counted(entries, 'more failure')} got no entry of their own, because there were so many`,
}

type KindOf<Action> = Action extends `${infer Kind}.${string}` ? Kind : never
type Kind = KindOf<AuditAction>

const LABELS: { [Each in Kind]: string } = {
  account: 'Accounts and passwords',
  session: 'Sign-ins and sessions',
  factor: 'Second factors',
  user: 'What administrators did to accounts',
  invitation: 'Invitations',
  setup: 'First set-up',
  limit: 'Too many attempts',
  api_key: 'API keys',
  signing_key: 'Signing keys',
  server: 'Settings of the server',
  workspace: 'Workspaces',
  strategy: 'Strategies',
  backtest: 'Backtests',
  validation: 'Validations',
  gate_policy: 'Gate policies',
  gate: 'Gates',
  promotion: 'Promotions',
  evidence: 'Evidence',
  audit: 'The audit log itself',
}

/** The kinds of action that the log can be filtered by, each with its name. */
export const KINDS = Object.entries(LABELS).map(([value, label]) => ({ value, label }))

/** An entry as a sentence, also one of a newer version's, or one that somebody has changed. */
export function sentenceOf({ who, whose, action, outcome, details }: Told): string {
  const shape = isKnown(action) ? auditActions[action].safeParse(details) : undefined
  if (!isKnown(action) || !shape?.success) return `${who} did something that has no words here (${action}).`
  const say = SENTENCES[action] as Sentence<AuditAction>
  const sentence = say({ who, whose, failed: outcome === 'failure' }, shape.data as AuditDetails<AuditAction>)
  const { repeated } = details
  return typeof repeated === 'number'
    ? `${sentence}; ${counted(repeated, 'more time')} in ten minutes.`
    : `${sentence}.`
}

const isKnown = (action: string): action is AuditAction => Object.hasOwn(auditActions, action)
