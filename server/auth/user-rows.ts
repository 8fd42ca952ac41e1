import type { User } from '../../contracts/auth'
import { type Role, role } from '../../contracts/scopes'
import { ValidationError } from '../errors'
import type { UserRow } from '../models/user'

/** A user together with the stored hash that was checked, or just made. */
export interface VerifiedUser {
  user: User
  role: Role
  hashedPassword: string
}

export function toCursor(email: string): string {
  return Buffer.from(email).toString('base64url')
}

export function fromCursor(cursor: string): string {
  const email = Buffer.from(cursor, 'base64url').toString()
  if (email !== '' && toCursor(email) === cursor) return email
  const message = 'The cursor is not one that this list has given: start again without it.'
  throw new ValidationError([{ field: 'cursor', message, code: 'invalid' }])
}

export function stored(row: Record<string, unknown>): VerifiedUser {
  return { user: toUser(row), role: toRole(row.role), hashedPassword: String(row.hashed_password) }
}

export function rawRow(row: UserRow): Record<string, unknown> {
  return { ...row.get(), is_active: row.isActive, created_at: row.createdAt }
}

/** The one place where a users row becomes what the API shows. Booleans are 0 or 1 in SQLite, times text without a zone. */
export function toUser(row: Record<string, unknown>): User {
  return {
    id: String(row.id),
    email: String(row.email),
    name: String(row.name),
    is_active: isYes(row.is_active),
    is_admin: toRole(row.role) === 'admin',
    created_at: toInstant(row.created_at),
  }
}

/** What is no role allows the least. */
export function toRole(stored: unknown): Role {
  return role.safeParse(stored).data ?? 'viewer'
}

// What `= TRUE` in a statement takes for yes, and no more: SQLite keeps any value in any column.
export const isYes = (stored: unknown): boolean => stored === true || stored === 1

const UNKNOWN_INSTANT = '1970-01-01T00:00:00.000Z'

// A row made elsewhere may say "infinity", or nothing that is a time; its owner is to be shown all the same.
export function toInstant(stored: unknown): string {
  const text = String(stored)
  const instant =
    stored instanceof Date ? stored : new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`)
  const written = Number.isNaN(instant.getTime()) ? '' : instant.toISOString()
  return /^\d{4}-/.test(written) ? written : UNKNOWN_INSTANT
}
