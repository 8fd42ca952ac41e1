import pg from 'pg'

/** An empty database that the migrations made, of which test servers get copies. */
export const MIGRATED = 'migrated'

export interface PostgresAccess {
  port: number
  user: string
  password: string
}

/** Runs a script as the run's administrator, in a connection of its own; answers the rows of a single query. */
export async function administerAt(
  { port, user, password }: PostgresAccess,
  script: string,
  database = 'postgres',
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database })
  await client.connect()
  try {
    return (await client.query(script)).rows
  } finally {
    await client.end()
  }
}
