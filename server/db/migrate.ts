import { DataTypes, type Sequelize, type Transaction } from 'sequelize'
import { Umzug } from 'umzug'
import { migrations } from '../../migrations'
import { AdoptionError, type Migration } from '../../migrations/migration'
import type { DatabaseConfig } from '../config'
import { EXIT, StartError } from '../start-error'
import { keepCopy } from './backup'
import { withMigrationLock } from './lock'

const HISTORY_TABLE = 'schema_migrations'

/**
 * Applies the migrations that are missing, one process at a time, after keeping a copy of an existing SQLite file.
 * A migration and its entry in the history are one transaction, so a crash leaves neither or both.
 *
 * @param history the schema's whole history, oldest first
 * @throws {StartError} the database was written by a newer version
 * @throws {AdoptionError} the database holds tables that cannot be taken over; nothing was changed
 */
export async function migrate(
  sequelize: Sequelize,
  config: DatabaseConfig,
  onProgress: (step: string) => void,
  history: Migration[] = migrations,
): Promise<void> {
  if ((await checkedPending(sequelize, history)).length === 0) return
  await withMigrationLock(sequelize, config, onProgress, async () => {
    const pending = await checkedPending(sequelize, history)
    if (pending.length === 0) return
    if (config.dialect === 'sqlite') await keepCopy(sequelize, config.storage, onProgress)
    await createHistory(sequelize)
    let done = 0
    const umzug = schemaHistory(sequelize, history)
    umzug.on('migrating', () => {
      done += 1
      onProgress(`Updating the database (${done} of ${pending.length})`)
    })
    await umzug.up()
  })
}

/** @throws {StartError} the schema is older or newer than this program; nothing was changed */
export async function requireCurrentSchema(sequelize: Sequelize): Promise<void> {
  if ((await checkedPending(sequelize, migrations)).length > 0)
    throw new StartError(
      EXIT.config,
      'This database is not set up, or not updated yet: start Aurelius once, which does that. Nothing was changed.',
    )
}

/** The schema's history as umzug drives it, up and down. */
export function schemaHistory(sequelize: Sequelize, history: Migration[] = migrations) {
  return new Umzug({
    migrations: history.map((migration) => ({
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
  const schema = sequelize.getQueryInterface()
  if (!(await schema.tableExists(HISTORY_TABLE))) return []
  const columns = Object.keys(await schema.describeTable(HISTORY_TABLE))
  if (columns.join() !== 'name') throw new AdoptionError(`The table ${HISTORY_TABLE} is not the one Aurelius makes`)
  const [rows] = await sequelize.query(`SELECT name FROM ${HISTORY_TABLE} ORDER BY name`)
  return (rows as { name: string }[]).map(({ name }) => name)
}

/** What is to be done, after a look at everything that speaks against doing any of it. */
async function checkedPending(sequelize: Sequelize, history: Migration[]): Promise<Migration[]> {
  const executed = await executedMigrations(sequelize)
  if (executed.some((name) => !history.some((migration) => migration.name === name)))
    throw new StartError(
      EXIT.config,
      'This database was written by a newer version of Aurelius: update Aurelius to open it. Nothing was changed.',
    )
  const pending = history.filter(({ name }) => !executed.includes(name))
  for (const migration of pending) await migration.check?.(sequelize.getQueryInterface())
  return pending
}
