import { z } from 'zod'

interface ScopeFacts {
  /** What it lets somebody do, as a clause that follows "may". */
  allows: string
  /** Whether an API key may have it. What manages accounts or the server is for people alone. */
  forKeys: boolean
}

/** Every permission there is. An endpoint names the one it asks for; a role is a set of them. */
export const scopes = {
  'account:read': { allows: 'read their own profile and permissions', forKeys: true },
  'account:manage': { allows: 'change their own profile, password, sessions, second factors and keys', forKeys: false },
  'ledger:read': { allows: 'read strategies, backtests, validations and gate results', forKeys: true },
  'ledger:write': { allows: 'record strategies, backtests and validations', forKeys: true },
  'workspaces:manage': { allows: 'make and rename workspaces, and say who sees them', forKeys: false },
  'gates:evaluate': { allows: 'evaluate a strategy at a gate', forKeys: true },
  'gates:approve': { allows: "agree to a promotion of somebody else's strategy", forKeys: true },
  'users:manage': { allows: 'manage accounts, roles, sessions and invitations of everybody', forKeys: false },
  'audit:read': { allows: 'read and verify the audit trail', forKeys: false },
  'server:manage': { allows: 'change settings and signing keys of the server', forKeys: false },
} as const satisfies Record<string, ScopeFacts>

export type Scope = keyof typeof scopes
/** A scope that only a person who signed in can have. */
export type PersonalScope = { [S in Scope]: (typeof scopes)[S]['forKeys'] extends true ? never : S }[Scope]
export type KeyScope = Exclude<Scope, PersonalScope>

export const SCOPES = Object.keys(scopes) as [Scope, ...Scope[]]
export const KEY_SCOPES = SCOPES.filter((name): name is KeyScope => scopes[name].forKeys)
export const scope = z.enum(SCOPES)

interface RoleFacts {
  label: string
  /** Whom it is for, in one sentence. */
  purpose: string
  scopes: readonly Scope[]
}

const VIEWER = ['account:read', 'account:manage', 'ledger:read'] as const
const ANALYST = [...VIEWER, 'ledger:write', 'workspaces:manage', 'gates:evaluate'] as const
const REVIEWER = [...ANALYST, 'gates:approve'] as const

/** The roles, each with all it includes; every role includes the one before it. */
export const roles = {
  viewer: { label: 'Viewer', purpose: 'Reads the research of others.', scopes: VIEWER },
  analyst: { label: 'Analyst', purpose: 'Does research: records it and takes it to the gates.', scopes: ANALYST },
  reviewer: { label: 'Reviewer', purpose: 'Does research and agrees to promotions of others.', scopes: REVIEWER },
  admin: { label: 'Administrator', purpose: 'Manages people and the server as well.', scopes: SCOPES },
} as const satisfies Record<string, RoleFacts>

export type Role = keyof typeof roles
export const ROLES = Object.keys(roles) as [Role, ...Role[]]
export const role = z.enum(ROLES)

/** What somebody becomes who registers by themselves. */
export const DEFAULT_ROLE: Role = 'analyst'

/** What the caller may do now: the scopes of their role, or those of the API key they use. */
export const permissions = z.strictObject({ role, scopes: z.array(scope) })
export type Permissions = z.infer<typeof permissions>
