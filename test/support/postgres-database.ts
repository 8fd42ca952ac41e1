import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import type { DatabaseConfig } from '../../server/config'

export interface PostgresDatabase {
  config: DatabaseConfig & { dialect: 'postgres' }
  password: string
}

/** Makes an empty database in the run's Postgres, dropped when the test ends. */
export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  const { port, user, password } = inject('postgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(`CREATE DATABASE ${name}`)
  onTestFinished(async () => {
    await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  })
  return { config: { dialect: 'postgres', host: '127.0.0.1', port, name, user, ssl: false, echo: false }, password }
}

/** Runs a script as the run's administrator, in a database of its own connection; answers the rows of a single query. */
export async function administer(script: string, database = 'postgres'): Promise<Record<string, unknown>[]> {
  const { port, user, password } = inject('postgres')
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database })
  await client.connect()
  try {
    return (await client.query(script)).rows
  } finally {
    await client.end()
  }
}
