import type { Sequelize } from 'sequelize'
import { defineAttemptCount } from './attempt-count'
import { defineSession } from './session'
import { defineUser } from './user'

export type Models = ReturnType<typeof defineModels>

/** Every table, joined to one connection. */
export function defineModels(sequelize: Sequelize) {
  return { User: defineUser(sequelize), Session: defineSession(sequelize), AttemptCount: defineAttemptCount(sequelize) }
}
