import { ROLES, type Role, roles, type Scope } from '../../contracts/scopes'

const SETS = new Map<Role, ReadonlySet<Scope>>(ROLES.map((role) => [role, new Set<Scope>(roles[role].scopes)]))
const ENROLMENT_SCOPES: ReadonlySet<Scope> = new Set(['account:read', 'account:manage'])
const NONE: ReadonlySet<Scope> = new Set()

/** What a role allows, as a set that is made once: principals share it. */
export function scopesOf(role: Role): ReadonlySet<Scope> {
  return SETS.get(role) ?? NONE
}

/** What is left of the scopes of somebody who must set up a second factor first. */
export function untilEnrolled(scopes: ReadonlySet<Scope>): ReadonlySet<Scope> {
  return new Set([...ENROLMENT_SCOPES].filter((scope) => scopes.has(scope)))
}
