import { Sequelize } from 'sequelize'
import type { DatabaseConfig } from '../config'
import type { Connected, Logging } from './connect'
import { ownPassword } from './postgres-password'

/** Makes a pool of connections to Postgres; the first query tells whether it can be reached. */
export async function connectPostgres(
  config: DatabaseConfig & { dialect: 'postgres' },
  password: string | undefined,
  logging: Logging,
): Promise<Connected> {
  const pg = await import('pg')
  const sequelize = new Sequelize({
    dialect: 'postgres',
    dialectModule: pg.default ?? pg,
    host: config.host,
    port: config.port,
    database: config.name,
    username: config.user,
    // Sequelize's types know no function here; it hands the driver whatever it is.
    password: ownPassword(password) as string,
    logging,
    pool: { max: 10, idle: 30_000, acquire: 15_000 },
    dialectOptions: {
      ssl: config.ssl ? { rejectUnauthorized: true } : false,
      connectionTimeoutMillis: 10_000,
      statement_timeout: 60_000,
      keepAlive: true,
      application_name: 'aurelius',
    },
    hooks: {
      // Sequelize looks for tables in this schema alone, so tables must be made there, whatever the role prefers.
      afterConnect: (connection) =>
        (connection as { query(sql: string): Promise<void> }).query('SET search_path = public'),
    },
  })
  return { sequelize, close: () => sequelize.close() }
}
