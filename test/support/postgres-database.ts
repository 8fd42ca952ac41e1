import { randomUUID } from 'node:crypto'
import { inject, onTestFinished } from 'vitest'
import type { DatabaseConfig } from '../../server/config'
import { administerAt, MIGRATED } from './administer'

export interface PostgresDatabase {
  config: DatabaseConfig & { dialect: 'postgres' }
  password: string
}

/** Makes a database in the run's Postgres, without a table or as the migrations leave it, dropped when the test ends. */
export async function createPostgresDatabase(isMigrated: boolean): Promise<PostgresDatabase> {
  const { port, user, password } = inject('postgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(`CREATE DATABASE ${name}${isMigrated ? ` TEMPLATE ${MIGRATED}` : ''}`)
  onTestFinished(async () => {
    await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  })
  return { config: { dialect: 'postgres', host: '127.0.0.1', port, name, user, ssl: false, echo: false }, password }
}

/** Runs a script as the run's administrator; answers the rows of a single query. */
export function administer(script: string, database = 'postgres'): Promise<Record<string, unknown>[]> {
  return administerAt(inject('postgres'), script, database)
}
