import { DataTypes, type Logging, type QueryInterface, QueryTypes, type Transactionable } from 'sequelize'
import type { Migration } from './migration'

const ADDED = {
  workspace_id: DataTypes.STRING,
  version: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 },
  stage: { type: DataTypes.STRING, allowNull: false, defaultValue: 'research' },
  tags: { type: DataTypes.TEXT, allowNull: false, defaultValue: '[]' },
  search_text: { type: DataTypes.TEXT, allowNull: false, defaultValue: '' },
  archived_at: DataTypes.DATE,
  backtest_count: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
  last_backtest_at: DataTypes.DATE,
}
const ADOPTED = { id: 'adopted', name: 'Taken over', kind: 'adopted' }
const INDEXES = {
  ix_strategies_workspace_updated: ['workspace_id', 'updated_at', 'id'],
  ix_strategies_workspace_created: ['workspace_id', 'created_at', 'id'],
}

/**
 * Strategies get a workspace, an author, versions and tags, and what happens to them becomes events. Those that another
 * system left go into a workspace without an owner, which administrators see.
 */
export const addWorkspacesAndVersions: Migration = {
  name: '0020-add-workspaces-and-versions',

  async up(schema, transaction) {
    const inside: Transactionable & Logging = { transaction }
    const isPostgres = schema.sequelize.getDialect() === 'postgres'
    const run = (statement: string, replacements: Record<string, unknown> = {}) =>
      schema.sequelize.query(statement, { replacements, transaction })
    const userId = await typeOfId(schema, 'users', inside)
    const strategyId = await typeOfId(schema, 'strategies', inside)
    const owner = { type: userId, references: { model: 'users', key: 'id' }, onDelete: 'SET NULL' }

    await schema.createTable(
      'workspaces',
      {
        id: { type: DataTypes.STRING, primaryKey: true, allowNull: false },
        name: { type: DataTypes.STRING, allowNull: false },
        kind: { type: DataTypes.STRING, allowNull: false },
        owner_id: owner,
        created_at: { type: DataTypes.DATE, allowNull: false },
      },
      { transaction },
    )
    await schema.addIndex('workspaces', ['owner_id'], { name: 'ix_workspaces_owner_id', transaction })
    await schema.createTable(
      'workspace_members',
      {
        workspace_id: {
          type: DataTypes.STRING,
          primaryKey: true,
          allowNull: false,
          references: { model: 'workspaces', key: 'id' },
          onDelete: 'CASCADE',
        },
        user_id: {
          type: userId,
          primaryKey: true,
          allowNull: false,
          references: { model: 'users', key: 'id' },
          onDelete: 'CASCADE',
        },
        role: { type: DataTypes.STRING, allowNull: false },
        created_at: { type: DataTypes.DATE, allowNull: false },
      },
      { transaction },
    )
    await schema.addIndex('workspace_members', ['user_id'], { name: 'ix_workspace_members_user_id', transaction })
    for (const [column, definition] of Object.entries(ADDED))
      await schema.addColumn('strategies', column, definition, { transaction })
    await schema.addColumn('strategies', 'owner_id', { type: userId }, { transaction })

    await schema.createTable(
      'strategy_versions',
      {
        strategy_id: {
          type: strategyId,
          primaryKey: true,
          allowNull: false,
          references: { model: 'strategies', key: 'id' },
          onDelete: 'CASCADE',
        },
        version: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
        parameters: { type: DataTypes.TEXT, allowNull: false },
        note: { type: DataTypes.TEXT, allowNull: false },
        author_id: { type: userId },
        created_at: { type: DataTypes.DATE, allowNull: false },
      },
      { transaction },
    )
    await takeOver(schema, run, inside, isPostgres)
    for (const [name, fields] of Object.entries(INDEXES))
      await schema.addIndex('strategies', fields, { name, transaction })
    await schema.createTable(
      'ledger_events',
      {
        // AUTOINCREMENT: an id is never given twice, not even after the newest rows were cleared.
        id: { type: isPostgres ? DataTypes.BIGINT : DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
        type: { type: DataTypes.STRING, allowNull: false },
        at: { type: DataTypes.DATE, allowNull: false },
        workspace_id: { type: DataTypes.STRING, allowNull: false },
        strategy_id: { type: DataTypes.STRING, allowNull: false },
        strategy_name: { type: DataTypes.TEXT, allowNull: false },
        subject_id: DataTypes.STRING,
        actor_id: DataTypes.STRING,
        data: { type: DataTypes.TEXT, allowNull: false },
      },
      { transaction },
    )
    await schema.addIndex('ledger_events', ['at'], { name: 'ix_ledger_events_at', transaction })
  },

  async down(schema, transaction) {
    await schema.dropTable('ledger_events', { transaction })
    await schema.dropTable('strategy_versions', { transaction })
    for (const name of Object.keys(INDEXES)) await schema.removeIndex('strategies', name, { transaction })
    for (const column of ['owner_id', ...Object.keys(ADDED)])
      await schema.sequelize.query(`ALTER TABLE strategies DROP COLUMN ${column}`, { transaction })
    await schema.dropTable('workspace_members', { transaction })
    await schema.dropTable('workspaces', { transaction })
  },
}

/** An adopted table may have ids of Postgres' own UUID type, and what refers to it must be of the same. */
async function typeOfId(schema: QueryInterface, table: string, inside: Transactionable & Logging) {
  const { id } = await schema.describeTable(table, inside)
  return id?.type === 'UUID' ? DataTypes.UUID : DataTypes.STRING
}

type Run = (statement: string, replacements?: Record<string, unknown>) => Promise<unknown>

interface AdoptedStrategy {
  id: string
  name: string
  strategy_type: string
  description: string | null
}

async function takeOver(schema: QueryInterface, run: Run, inside: Transactionable, isPostgres: boolean): Promise<void> {
  const rows = await schema.sequelize.query<AdoptedStrategy>(
    'SELECT id, name, strategy_type, description FROM strategies',
    { ...inside, type: QueryTypes.SELECT },
  )
  if (rows.length === 0) return
  const now = new Date()
  await run('INSERT INTO workspaces (id, name, kind, created_at) VALUES (:id, :name, :kind, :now)', { ...ADOPTED, now })
  await run('UPDATE strategies SET workspace_id = :id', ADOPTED)
  // An API tells milliseconds, and a page that ends at an instant must not lose the rest of it.
  const rounded = (column: string) => (isPostgres ? `date_trunc('milliseconds', ${column})` : column)
  await run(
    `UPDATE strategies SET created_at = COALESCE(${rounded('created_at')}, ${rounded('updated_at')}, :now),
       updated_at = COALESCE(${rounded('updated_at')}, ${rounded('created_at')}, :now)`,
    { now },
  )
  await run(
    `UPDATE strategies SET archived_at = updated_at WHERE lower(COALESCE(status, '')) IN ('archived', 'deprecated')`,
  )
  await run(
    `INSERT INTO strategy_versions (strategy_id, version, parameters, note, created_at)
     SELECT id, 1, COALESCE(CAST(parameters AS TEXT), '{}'), '', created_at FROM strategies`,
  )
  for (const { id, name, strategy_type, description } of rows) {
    const text = [name, strategy_type, description ?? ''].join('\n').normalize('NFKC').toLowerCase()
    await run('UPDATE strategies SET search_text = :text WHERE id = :id', { id, text })
  }
}
