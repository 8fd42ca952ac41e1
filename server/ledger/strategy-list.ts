import type { StrategyFacets, StrategyList, StrategyQuery } from '../../contracts/strategies'
import type { Principal } from '../auth/principal'
import type { Database } from '../db/database'
import { select } from '../db/select'
import type { Access } from './access'
import { isTexts, json } from './columns'
import { anywhere, fromCursor, pageQuery, splitPage } from './keyset'
import { STRATEGY_COLUMNS, searchText, toStrategy } from './strategy-rows'

const SORTS = { updated_at: 'updated_at', created_at: 'created_at', name: 'lower(name)' } as const

/** Pages of the strategies a caller sees, and what can be filtered by. */
export function createStrategyList(database: Database, access: Access) {
  return {
    async list(principal: Principal, query: StrategyQuery): Promise<StrategyList> {
      const after = fromCursor(query.sort, query.cursor)
      const seen = [...(await access.workspacesOf(principal)).keys()]
      const workspaces = query.workspace_id === undefined ? seen : seen.filter((id) => id === query.workspace_id)
      if (workspaces.length === 0) return { strategies: [], total: 0, next_cursor: null }

      const { conditions, values } = filters(principal, query)
      const name = query.sort.replace('-', '') as keyof typeof SORTS
      const { sql, replacements } = pageQuery({
        columns: STRATEGY_COLUMNS,
        table: 'strategies',
        conditions,
        partition: { column: 'workspace_id', values: workspaces },
        sort: { expression: SORTS[name], descending: query.sort.startsWith('-') },
        after,
        limit: query.limit,
      })
      const where = ['workspace_id IN (:workspaces)', ...conditions].join(' AND ')
      const [rows, [count]] = await Promise.all([
        select(
          database,
          `SELECT page.*, users.name AS owner_name FROM (${sql}) AS page LEFT JOIN users ON users.id = page.owner_id
           ORDER BY page.sort_key ${query.sort.startsWith('-') ? 'DESC' : 'ASC'}, page.id ${query.sort.startsWith('-') ? 'DESC' : 'ASC'}`,
          { ...replacements, ...values },
        ),
        select(database, `SELECT count(*) AS total FROM strategies WHERE ${where}`, { workspaces, ...values }),
      ])
      const { page, next } = splitPage(rows, query.limit, query.sort)
      return { strategies: page.map(toStrategy), total: Number(count?.total), next_cursor: next }
    },

    async facets(principal: Principal): Promise<StrategyFacets> {
      const workspaces = [...(await access.workspacesOf(principal)).keys()]
      if (workspaces.length === 0) return { strategy_types: [], tags: [], owners: [] }
      const ask = (sql: string) => select(database, sql, { workspaces })
      const [types, tags, owners] = await Promise.all([
        ask('SELECT DISTINCT strategy_type AS value FROM strategies WHERE workspace_id IN (:workspaces) ORDER BY 1'),
        ask('SELECT DISTINCT tags AS value FROM strategies WHERE workspace_id IN (:workspaces)'),
        ask(
          `SELECT DISTINCT users.id, users.name FROM strategies JOIN users ON users.id = strategies.owner_id
           WHERE workspace_id IN (:workspaces) ORDER BY users.name, users.id`,
        ),
      ])
      return {
        strategy_types: types.map(({ value }) => String(value)),
        tags: [...new Set(tags.flatMap(({ value }) => json(value, isTexts, [])))].sort(),
        owners: owners.map(({ id, name }) => ({ id: String(id), name: String(name) })),
      }
    },
  }
}

function filters(principal: Principal, query: StrategyQuery) {
  const conditions: string[] = []
  const values: Record<string, unknown> = {}
  const add = (condition: string, value: Record<string, unknown>) => {
    conditions.push(condition)
    Object.assign(values, value)
  }
  if (query.status !== 'any') conditions.push(`archived_at IS ${query.status === 'active' ? '' : 'NOT '}NULL`)
  if (query.strategy_type) add('strategy_type = :strategy_type', { strategy_type: query.strategy_type })
  if (query.stage) add('stage = :stage', { stage: query.stage })
  if (query.tag) add(`tags LIKE :tag ESCAPE '!'`, { tag: anywhere(JSON.stringify(query.tag)) })
  if (query.owner_id)
    add('CAST(owner_id AS VARCHAR(255)) = :owner', {
      owner: query.owner_id === 'me' ? principal.userId : query.owner_id,
    })
  for (const [index, word] of (query.search ?? '').split(/\s+/).filter(Boolean).slice(0, 8).entries())
    add(`search_text LIKE :word_${index} ESCAPE '!'`, { [`word_${index}`]: anywhere(searchText(word)) })
  return { conditions, values }
}
