import type { Stage, Strategy, StrategyVersion } from '../../contracts/strategies'
import type { Row } from '../db/select'
import { instant, instantOrNull, isObject, isTexts, json, nameOf, textOrNull } from './columns'

export const STRATEGY_COLUMNS = `id, name, strategy_type, description, parameters, version, tags, stage, workspace_id,
  owner_id, backtest_count, last_backtest_at, created_at, updated_at, archived_at`

export function toStrategy(row: Row): Strategy {
  return {
    id: String(row.id),
    name: String(row.name),
    strategy_type: String(row.strategy_type),
    description: String(row.description ?? ''),
    parameters: json(row.parameters, isObject, {}),
    version: Number(row.version),
    tags: json(row.tags, isTexts, []),
    status: row.archived_at === null ? 'active' : 'archived',
    stage: String(row.stage) as Stage,
    workspace_id: String(row.workspace_id),
    owner_id: textOrNull(row.owner_id),
    owner_name: nameOf(row.owner_id, row.owner_name),
    backtest_count: Number(row.backtest_count),
    last_backtest_at: instantOrNull(row.last_backtest_at),
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
    archived_at: instantOrNull(row.archived_at),
  }
}

export function toVersion(row: Row): StrategyVersion {
  return {
    strategy_id: String(row.strategy_id),
    version: Number(row.version),
    parameters: json(row.parameters, isObject, {}),
    note: String(row.note),
    stage: (textOrNull(row.stage) ?? 'research') as Stage,
    author_id: textOrNull(row.author_id),
    author_name: nameOf(row.author_id, row.author_name),
    created_at: instant(row.created_at),
  }
}

/** What a search looks into; both sides are compared in this form. */
export function searchText(...parts: string[]): string {
  return parts.join('\n').normalize('NFKC').toLowerCase()
}
