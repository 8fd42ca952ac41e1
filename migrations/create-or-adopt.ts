import {
  type AbstractDataTypeConstructor,
  DataTypes,
  type Logging,
  type ModelAttributeColumnOptions,
  type QueryInterface,
  QueryTypes,
  type Transaction,
  type Transactionable,
} from 'sequelize'
import { AdoptionError } from './migration'

/** The columns of a table, each with its type and options. */
export type Columns = Record<string, ModelAttributeColumnOptions>

/** Sequelize writes the types of the database at hand into the descriptions it is given; the next database wants others. */
export function copyOf<Descriptions extends Record<string, unknown>>(columns: Descriptions): Descriptions {
  const copies = Object.entries(columns).map(([name, column]) => [
    name,
    typeof column === 'object' ? { ...column } : column,
  ])
  return Object.fromEntries(copies)
}

type PresentColumns = Awaited<ReturnType<QueryInterface['describeTable']>>

// How Sequelize writes an instant into SQLite. All rows of a column must agree, or comparing them as text goes wrong.
const SQLITE_INSTANT = '%Y-%m-%d %H:%M:%f +00:00'
const WIDEST_TEXT = 255

/**
 * Compares a table that is there already with the one this program expects. No table is no objection.
 *
 * @throws {AdoptionError} it lacks columns, has ids that are no text, or demands columns this program does not fill
 */
export async function checkAdoptable(schema: QueryInterface, table: string, columns: Columns): Promise<void> {
  if (!(await schema.tableExists(table))) return
  const present = await schema.describeTable(table)
  const missing = Object.keys(columns).filter((column) => !(column in present))
  if (missing.length > 0) throw new AdoptionError(`The table ${table} lacks ${named(missing)}`)
  if (present.id && (!present.id.primaryKey || /INT|SERIAL|NUM|DEC|REAL|FLOA|DOUB/i.test(present.id.type)))
    throw new AdoptionError(`The table ${table} has no text as its primary key id`)
  const demanded = Object.entries(present)
    .filter(([column, { allowNull, defaultValue }]) => !(column in columns) && !allowNull && defaultValue == null)
    .map(([column]) => column)
  if (demanded.length > 0) throw new AdoptionError(`The table ${table} demands ${named(demanded)}`)
}

function named(columns: string[]): string {
  return `the column${columns.length > 1 ? 's' : ''} ${columns.join(', ')}`
}

/**
 * Creates a table, or takes over the one that the Python system made: its rows and types stay, but instants become
 * UTC for certain, text columns wide enough, and what hangs on a deleted row goes with it.
 */
export async function createOrAdopt(
  schema: QueryInterface,
  transaction: Transaction,
  table: string,
  columns: Columns,
): Promise<void> {
  if (!(await schema.tableExists(table, { transaction }))) {
    await schema.createTable(table, copyOf(columns), { transaction })
    return
  }
  const inside: Transactionable & Logging = { transaction }
  const present = await schema.describeTable(table, inside)
  if (schema.sequelize.getDialect() === 'postgres') {
    await giveTimesAZone(schema, transaction, table, present)
    await widenTexts(schema, transaction, table, columns, present)
    await cascadeOnPostgres(schema, transaction, table, columns)
  } else {
    await writeTimesAlike(schema, transaction, table, columns)
    await cascadeOnSqlite(schema, transaction, table, columns)
  }
}

// The Python system wrote UTC into columns without a zone; Postgres would read them as the session's local time.
async function giveTimesAZone(
  { sequelize }: QueryInterface,
  transaction: Transaction,
  table: string,
  present: PresentColumns,
): Promise<void> {
  for (const [column, { type }] of Object.entries(present)) {
    if (type !== 'TIMESTAMP WITHOUT TIME ZONE') continue
    await sequelize.query(
      `ALTER TABLE "${table}" ALTER COLUMN "${column}" TYPE TIMESTAMP WITH TIME ZONE USING "${column}" AT TIME ZONE 'UTC'`,
      { transaction },
    )
  }
}

// A column made for 60 characters of bcrypt would refuse the longer hashes written here.
async function widenTexts(
  { sequelize }: QueryInterface,
  transaction: Transaction,
  table: string,
  columns: Columns,
  present: PresentColumns,
): Promise<void> {
  for (const column of columnsOf(columns, DataTypes.STRING)) {
    const limit = /^CHARACTER(?: VARYING)?\((\d+)\)$/.exec(present[column]?.type ?? '')?.[1]
    if (limit === undefined || Number(limit) >= WIDEST_TEXT) continue
    await sequelize.query(`ALTER TABLE "${table}" ALTER COLUMN "${column}" TYPE VARCHAR(${WIDEST_TEXT})`, {
      transaction,
    })
  }
}

// SQLAlchemy writes "2026-02-01 12:00:00.000000", in UTC without saying so. What is no time at all is left alone.
async function writeTimesAlike(
  { sequelize }: QueryInterface,
  transaction: Transaction,
  table: string,
  columns: Columns,
): Promise<void> {
  for (const column of columnsOf(columns, DataTypes.DATE)) {
    await sequelize.query(
      `UPDATE "${table}" SET "${column}" = strftime('${SQLITE_INSTANT}', "${column}")
       WHERE typeof("${column}") = 'text' AND strftime('%s', "${column}") IS NOT NULL`,
      { transaction },
    )
  }
}

async function cascadeOnPostgres(
  { sequelize }: QueryInterface,
  transaction: Transaction,
  table: string,
  columns: Columns,
): Promise<void> {
  for (const [column, parent] of cascades(columns)) {
    const keys = await sequelize.query<{ name: string; on_delete: string }>(
      `SELECT conname AS name, confdeltype AS on_delete FROM pg_constraint
       JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
       WHERE contype = 'f' AND conrelid = '"${table}"'::regclass AND attname = :column`,
      { replacements: { column }, type: QueryTypes.SELECT, transaction },
    )
    if (keys.some(({ on_delete }) => on_delete === 'c')) continue
    for (const { name } of keys)
      await sequelize.query(`ALTER TABLE "${table}" DROP CONSTRAINT "${name}"`, { transaction })
    // NOT VALID: rows whose parent is gone already are no reason to refuse the rest.
    await sequelize.query(
      `ALTER TABLE "${table}" ADD CONSTRAINT "${table}_${column}_fkey"
       FOREIGN KEY ("${column}") REFERENCES "${parent}" (id) ON DELETE CASCADE NOT VALID`,
      { transaction },
    )
  }
}

// SQLite cannot change a foreign key without rebuilding the table; a trigger does the same.
async function cascadeOnSqlite(
  { sequelize }: QueryInterface,
  transaction: Transaction,
  table: string,
  columns: Columns,
): Promise<void> {
  for (const [column, parent] of cascades(columns)) {
    const keys = await sequelize.query<{ from: string; on_delete: string }>(`PRAGMA foreign_key_list("${table}")`, {
      type: QueryTypes.SELECT,
      transaction,
    })
    if (keys.some((key) => key.from === column && key.on_delete === 'CASCADE')) continue
    await sequelize.query(
      `CREATE TRIGGER "${table}_${column}_cascade" BEFORE DELETE ON "${parent}"
       BEGIN DELETE FROM "${table}" WHERE "${column}" = OLD.id; END`,
      { transaction },
    )
  }
}

function columnsOf(columns: Columns, type: AbstractDataTypeConstructor): string[] {
  return Object.entries(columns)
    .filter(([, column]) => typeof column.type !== 'string' && column.type.key === type.key)
    .map(([name]) => name)
}

function cascades(columns: Columns): [column: string, parent: string][] {
  return Object.entries(columns).flatMap(([column, { references, onDelete }]) =>
    onDelete === 'CASCADE' && typeof references === 'object' && 'model' in references
      ? [[column, String(references.model)] as [string, string]]
      : [],
  )
}

interface PresentIndex {
  name: string
  unique: boolean
  fields: { attribute: string }[]
}

/** Makes sure of an index; one of that name that covers other columns, or allows duplicates it should not, gives way. */
export async function ensureIndex(
  schema: QueryInterface,
  transaction: Transaction,
  table: string,
  name: string,
  fields: string[],
  { unique = false } = {},
): Promise<void> {
  const indexes = (await schema.showIndex(table, { transaction })) as PresentIndex[]
  const present = indexes.find((index) => index.name === name)
  if (present) {
    const covered = present.fields.map(({ attribute }) => attribute).join()
    if (covered === fields.join() && present.unique === unique) return
    await schema.removeIndex(table, name, { transaction })
  }
  await schema.addIndex(table, fields, { name, unique, transaction })
}
