import { QueryTypes, type Transaction } from 'sequelize'
import type { Database } from './database'

export type Row = Record<string, unknown>

/** Rows as the driver gives them: lists need no instances, which cost ten times as much. */
export function select(
  { sequelize, readRows }: Pick<Database, 'sequelize' | 'readRows'>,
  sql: string,
  replacements: Record<string, unknown>,
  transaction?: Transaction,
): Promise<Row[]> {
  return transaction
    ? sequelize.query<Row>(sql, { replacements, type: QueryTypes.SELECT, transaction })
    : readRows(sql, replacements)
}
