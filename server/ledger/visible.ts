import type { Principal } from '../auth/principal'
import type { Database } from '../db/database'
import { type Row, select } from '../db/select'
import type { Access } from './access'

/** What hangs on a strategy and is read by its id. */
interface Evidence {
  table: 'gate_results' | 'validations'
  columns: string
  id: string
}

/**
 * One row of evidence with the names of its strategy and author, from a workspace that the caller may see; `undefined`
 * where there is none, or none for them.
 */
export async function findVisible(
  database: Database,
  access: Access,
  principal: Principal,
  { table, columns, id }: Evidence,
): Promise<Row | undefined> {
  const workspaces = [...(await access.workspacesOf(principal)).keys()]
  if (workspaces.length === 0) return undefined
  const [row] = await select(
    database,
    `SELECT ${columns}, strategies.name AS strategy_name, strategies.workspace_id, users.name AS author_name
     FROM ${table} JOIN strategies ON strategies.id = ${table}.strategy_id
     LEFT JOIN users ON CAST(users.id AS VARCHAR(255)) = ${table}.author_id
     WHERE ${table}.id = :id AND strategies.workspace_id IN (:workspaces)`,
    { id, workspaces },
  )
  return row
}
