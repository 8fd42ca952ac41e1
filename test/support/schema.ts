import { QueryTypes, type Sequelize } from 'sequelize'

type Row = Record<string, string | number | null>

/** What a database looks like, in words that are the same for SQLite and Postgres. */
export interface Schema {
  /** Table, column, then for example "text not null" or "integer = 42". */
  tables: Record<string, Record<string, string>>
  /** Name, then for example "unique users(email)". */
  indexes: Record<string, string>
  foreignKeys: string[]
}

const KINDS: Record<string, string> = {
  'VARCHAR(255)': 'text',
  'character varying(255)': 'text',
  TEXT: 'long text',
  text: 'long text',
  'DOUBLE PRECISION': 'number',
  'double precision': 'number',
  INTEGER: 'integer',
  BIGINT: 'big integer',
  bigint: 'big integer',
  integer: 'integer',
  JSON: 'json',
  json: 'json',
  DATE: 'day',
  date: 'day',
  DATETIME: 'instant',
  'timestamp with time zone': 'instant',
  BLOB: 'bytes',
  bytea: 'bytes',
  'TINYINT(1)': 'flag',
  boolean: 'flag',
}

const SEQUENCE = 'sequence' // a number that the database gives

export function readSchema(sequelize: Sequelize): Promise<Schema> {
  const select = (sql: string) => sequelize.query<Row>(sql, { type: QueryTypes.SELECT })
  return sequelize.getDialect() === 'sqlite' ? readSqlite(select) : readPostgres(select)
}

async function readSqlite(select: (sql: string) => Promise<Row[]>): Promise<Schema> {
  const schema: Schema = { tables: {}, indexes: {}, foreignKeys: [] }
  const tables = await select(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name`,
  )
  for (const { name, sql } of tables) {
    const table = String(name)
    schema.tables[table] = {}
    for (const column of await select(
      `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${table}')`,
    )) {
      const isRowId = column.type === 'INTEGER' && column.pk === 1
      const rowId = /\bAUTOINCREMENT\b/i.test(String(sql)) ? SEQUENCE : inWords('BIGINT', true, null)
      schema.tables[table][String(column.name)] = isRowId
        ? rowId
        : inWords(column.type, column.notnull === 1, column.dflt_value)
    }
    for (const index of await select(`SELECT name, "unique", origin FROM pragma_index_list('${table}')`)) {
      if (index.origin !== 'c') continue
      const fields = await select(`SELECT name FROM pragma_index_info('${index.name}') ORDER BY seqno`)
      const columns = fields.map(({ name }) => name).join(', ')
      schema.indexes[String(index.name)] = `${index.unique === 1 ? 'unique ' : ''}${table}(${columns})`
    }
    for (const key of await select(`SELECT "from", "table", "to", on_delete FROM pragma_foreign_key_list('${table}')`))
      schema.foreignKeys.push(`${table}.${key.from} → ${key.table}.${key.to} ${key.on_delete}`)
  }
  return schema
}

async function readPostgres(select: (sql: string) => Promise<Row[]>): Promise<Schema> {
  const schema: Schema = { tables: {}, indexes: {}, foreignKeys: [] }
  const columns = await select(
    `SELECT attrelid::regclass AS "table", attname AS name, format_type(atttypid, atttypmod) AS type,
       attnotnull::int AS required, pg_get_expr(adbin, adrelid) AS initial
     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
     ORDER BY attrelid, attnum`,
  )
  for (const { table, name, type, required, initial } of columns) {
    const described = schema.tables[String(table)] ?? {}
    schema.tables[String(table)] = described
    described[String(name)] = inWords(type ?? '', required === 1, initial ?? null)
  }
  const indexes = await select(
    `SELECT indexrelid::regclass AS name, indrelid::regclass AS "table", indisunique::int AS is_unique,
       (SELECT string_agg(attname, ', ' ORDER BY place) FROM unnest(indkey) WITH ORDINALITY AS k(attnum, place)
        JOIN pg_attribute a ON a.attnum = k.attnum AND a.attrelid = indrelid) AS columns
     FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
     WHERE NOT indisprimary AND relnamespace = 'public'::regnamespace`,
  )
  for (const { name, table, is_unique, columns: covered } of indexes)
    schema.indexes[String(name)] = `${is_unique === 1 ? 'unique ' : ''}${table}(${covered})`
  const keys = await select(
    `SELECT conrelid::regclass AS "table", confrelid::regclass AS parent, a.attname AS "from", p.attname AS "to",
       CASE confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'NO ACTION' END AS on_delete
     FROM pg_constraint JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
     JOIN pg_attribute p ON p.attrelid = confrelid AND p.attnum = confkey[1] WHERE contype = 'f' ORDER BY 1, 3`,
  )
  for (const key of keys) schema.foreignKeys.push(`${key.table}.${key.from} → ${key.parent}.${key.to} ${key.on_delete}`)
  return schema
}

function inWords(type: unknown, required: boolean, initial: unknown): string {
  if (String(initial).startsWith('nextval(')) return SEQUENCE
  const kind = KINDS[String(type)] ?? String(type)
  const value = String(initial ?? '')
    .replace(/::.*$/, '')
    .replace(/^'(.*)'$/, '$1')
  const asFlag = kind === 'flag' ? value.replace('1', 'true').replace('0', 'false') : value
  return `${kind}${required ? ' not null' : ''}${asFlag === '' ? '' : ` = ${asFlag}`}`
}
