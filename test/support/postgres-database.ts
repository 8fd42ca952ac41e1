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
  onTestFinished(() => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  return { config: { dialect: 'postgres', host: '127.0.0.1', port, name, user, ssl: false, echo: false }, password }
}

async function administer(statement: string): Promise<void> {
  const { port, user, password } = inject('postgres')
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
