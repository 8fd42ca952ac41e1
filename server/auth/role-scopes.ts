import { ROLES, type Role, roles, type Scope } from '../../contracts/scopes'

const SETS = new Map<Role, ReadonlySet<Scope>>(ROLES.map((role) => [role, new Set<Scope>(roles[role].scopes)]))
const NONE: ReadonlySet<Scope> = new Set()

/** What a role allows, as a set that is made once: principals share it. */
export function scopesOf(role: Role): ReadonlySet<Scope> {
  return SETS.get(role) ?? NONE
}
