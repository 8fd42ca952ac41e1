import type { Database } from './database'

/** An instant as Sequelize stores it: bound values pass it by. @param at milliseconds since 1970 */
export function storedInstant(dialect: Database['dialect'], at: number): string {
  const written = new Date(at).toISOString()
  return dialect === 'sqlite' ? written.replace('T', ' ').replace('Z', ' +00:00') : written
}
