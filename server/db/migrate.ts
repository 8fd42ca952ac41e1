import { DataTypes, type Sequelize, type Transaction } from 'sequelize'
import { Umzug } from 'umzug'
import { migrations } from '../../migrations'
import type { Migration } from '../../migrations/migration'
import type { DatabaseConfig } from '../config'
import { EXIT, StartError } from '../start-error'
import { keepCopy } from './backup'
import { withMigrationLock } from './lock'

const HISTORY_TABLE = 'schema_migrations'

/**
 * Applies the migrations that are missing, one process at a time, after keeping a copy of an existing SQLite file.
 * A migration and its entry in the history are one transaction, so a crash leaves neither or both.
 *
 * @throws {StartError} the database was written by a newer version
 */
export async function migrate(
  sequelize: Sequelize,
  config: DatabaseConfig,
  onProgress: (step: string) => void,
): Promise<void> {
  if ((await pendingMigrations(sequelize)).length === 0) return
  await withMigrationLock(sequelize, config, onProgress, async () => {
    const pending = await pendingMigrations(sequelize)
    if (pending.length === 0) return
    if (config.dialect === 'sqlite') await keepCopy(sequelize, config.storage, onProgress)
    await createHistory(sequelize)
    let done = 0
    const umzug = schemaHistory(sequelize)
    umzug.on('migrating', () => {
      done += 1
      onProgress(`Updating the database (${done} of ${pending.length})`)
    })
    await umzug.up()
  })
}

/** The schema's history as umzug drives it, up and down. */
export function schemaHistory(sequelize: Sequelize) {
  return new Umzug({
    migrations: migrations.map((migration) => ({
      name: migration.name,
      up: () => applied(sequelize, migration, 'up'),
      down: () => applied(sequelize, migration, 'down'),
    })),
    storage: {
      executed: () => executedMigrations(sequelize),
      // Written by `applied`, inside the migration's own transaction.
      logMigration: async () => undefined,
      unlogMigration: async () => undefined,
    },
    logger: undefined,
  })
}

async function applied(sequelize: Sequelize, migration: Migration, direction: 'up' | 'down'): Promise<void> {
  await sequelize.transaction(async (transaction) => {
    if (sequelize.getDialect() === 'postgres') await sequelize.query('SET LOCAL statement_timeout = 0', { transaction })
    await migration[direction](sequelize.getQueryInterface(), transaction)
    await record(sequelize, migration.name, direction, transaction)
  })
}

async function record(sequelize: Sequelize, name: string, direction: 'up' | 'down', transaction: Transaction) {
  const statement =
    direction === 'up'
      ? `INSERT INTO ${HISTORY_TABLE} (name) VALUES (:name)`
      : `DELETE FROM ${HISTORY_TABLE} WHERE name = :name`
  await sequelize.query(statement, { replacements: { name }, transaction })
}

async function createHistory(sequelize: Sequelize): Promise<void> {
  await sequelize.getQueryInterface().createTable(HISTORY_TABLE, {
    name: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
  })
}

async function executedMigrations(sequelize: Sequelize): Promise<string[]> {
  if (!(await sequelize.getQueryInterface().tableExists(HISTORY_TABLE))) return []
  const [rows] = await sequelize.query(`SELECT name FROM ${HISTORY_TABLE} ORDER BY name`)
  return (rows as { name: string }[]).map(({ name }) => name)
}

async function pendingMigrations(sequelize: Sequelize): Promise<string[]> {
  const executed = await executedMigrations(sequelize)
  const known = migrations.map(({ name }) => name)
  const newer = executed.find((name) => !known.includes(name))
  if (newer !== undefined)
    throw new StartError(
      EXIT.config,
      'This database was written by a newer version of Aurelius: update Aurelius to open it. Nothing was changed.',
    )
  return known.filter((name) => !executed.includes(name))
}
