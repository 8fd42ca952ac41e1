import type { Logging, ModelAttributes, QueryInterface, Transaction, Transactionable } from 'sequelize'

/** A table that is there already but is not the one this program expects. */
export class UnexpectedTableError extends Error {
  override name = 'UnexpectedTableError'
  constructor(table: string, missing: string[]) {
    super(`The table ${table} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`)
  }
}

/**
 * Creates a table, or takes over the one that the Python system made, provided that it has every expected column.
 *
 * @throws {UnexpectedTableError} a table of this name lacks columns
 */
export async function createOrAdopt(
  schema: QueryInterface,
  transaction: Transaction,
  table: string,
  columns: ModelAttributes,
): Promise<void> {
  if (!(await schema.tableExists(table, { transaction }))) {
    await schema.createTable(table, columns, { transaction })
    return
  }
  const inside: Transactionable & Logging = { transaction }
  const present = await schema.describeTable(table, inside)
  const missing = Object.keys(columns).filter((column) => !(column in present))
  if (missing.length > 0) throw new UnexpectedTableError(table, missing)
  if (schema.sequelize.getDialect() === 'postgres') await giveTimesAZone(schema, transaction, table, present)
}

// The Python system wrote UTC into columns without a zone; Postgres would read them as the session's local time.
async function giveTimesAZone(
  schema: QueryInterface,
  transaction: Transaction,
  table: string,
  present: Record<string, { type: string }>,
): Promise<void> {
  for (const [column, { type }] of Object.entries(present)) {
    if (type !== 'TIMESTAMP WITHOUT TIME ZONE') continue
    await schema.sequelize.query(
      `ALTER TABLE "${table}" ALTER COLUMN "${column}" TYPE TIMESTAMP WITH TIME ZONE USING "${column}" AT TIME ZONE 'UTC'`,
      { transaction },
    )
  }
}

/** Adds an index unless one of that name is there. */
export async function addIndexIfMissing(
  schema: QueryInterface,
  transaction: Transaction,
  table: string,
  name: string,
  fields: string[],
  options: { unique?: boolean } = {},
): Promise<void> {
  const present = (await schema.showIndex(table, { transaction })) as { name: string }[]
  if (present.some((index) => index.name === name)) return
  await schema.addIndex(table, fields, { name, unique: options.unique ?? false, transaction })
}
