import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Transaction } from 'sequelize'
import type {
  NewStrategy,
  NewStrategyVersion,
  Strategy,
  StrategyChange,
  StrategyVersion,
  StrategyVersionList,
} from '../../contracts/strategies'
import { actorOf } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Principal } from '../auth/principal'
import type { Database } from '../db/database'
import { type Row, select } from '../db/select'
import { NotFoundError, ReadOnlyWorkspaceError, ValidationError } from '../errors'
import type { StrategyRow } from '../models/strategy'
import { type Access, includes } from './access'
import { isObject, isTexts, json } from './columns'
import type { Events } from './events'
import type { Strategies } from './strategies'
import { createStrategyList } from './strategy-list'
import { STRATEGY_COLUMNS, searchText, toStrategy, toVersion } from './strategy-rows'

export interface StrategiesDependencies {
  database: Database
  access: Access
  strategies: Strategies
  events: Events
  audit: Audit
  now: () => number
}

const EDITED = [
  ['name', 'name'],
  ['strategyType', 'type'],
  ['description', 'description'],
  ['tags', 'tags'],
] as const

type Change = 'created' | 'edited' | 'moved' | 'archived' | 'restored' | 'version'

export type StrategiesService = ReturnType<typeof createStrategiesService>

/** Strategies and their versions: what the research is about. */
export function createStrategiesService(dependencies: StrategiesDependencies) {
  const { database, access, strategies, events, audit, now } = dependencies
  const { Backtest, Strategy, StrategyVersion, Workspace } = database.models

  async function read(id: string): Promise<Strategy> {
    const [row] = await select(
      database,
      `SELECT strategy.*, users.name AS owner_name
       FROM (SELECT ${STRATEGY_COLUMNS} FROM strategies WHERE id = :id) AS strategy
       LEFT JOIN users ON users.id = strategy.owner_id`,
      { id },
    )
    if (!row) throw new NotFoundError('strategy')
    return toStrategy(row)
  }

  /** Where the caller may record: the workspace named, or their own. */
  async function workspaceFor(principal: Principal, id: string | undefined, transaction: Transaction): Promise<string> {
    if (id === undefined || id === principal.userId) return access.ownWorkspace(principal, new Date(now()), transaction)
    const role = (await access.workspacesOf(principal, transaction)).get(id)
    if (!role) {
      const message = 'There is no such workspace.'
      throw new ValidationError([{ field: 'workspace_id', message, code: 'not_found' }])
    }
    if (!includes(role, 'editor')) throw new ReadOnlyWorkspaceError()
    return id
  }

  async function tell(
    row: StrategyRow,
    principal: Principal,
    change: Change,
    transaction: Transaction,
    more: { workspace?: string; fields?: string } = {},
  ): Promise<void> {
    const { id, version, workspaceId } = row
    const about = { by: actorOf(principal), target: { type: 'strategy', id } } as const
    const place = { strategy_id: id, workspace_id: workspaceId }
    if (change === 'created') audit.record({ ...about, action: 'strategy.created', details: place }, transaction)
    else audit.record({ ...about, action: 'strategy.changed', details: { ...place, change, version } }, transaction)
    const type = change === 'created' ? 'strategy.created' : 'strategy.changed'
    await events.append({ type, strategy: row, by: principal, data: { change, version, ...more } }, transaction)
  }

  async function setArchived(principal: Principal, id: string, archived: boolean): Promise<Strategy> {
    await database.write(async (transaction) => {
      const row = await strategies.get(principal, id, 'editor', transaction)
      if ((row.archivedAt !== null) === archived) return
      const at = new Date(now())
      await row.update({ archivedAt: archived ? at : null, updatedAt: at }, { transaction })
      await tell(row, principal, archived ? 'archived' : 'restored', transaction)
    })
    return read(id)
  }

  return {
    ...createStrategyList(database, access),

    async create(principal: Principal, input: NewStrategy): Promise<Strategy> {
      const id = randomUUID()
      await database.write(async (transaction) => {
        const at = new Date(now())
        const workspaceId = await workspaceFor(principal, input.workspace_id, transaction)
        const row = await Strategy.create(
          {
            id,
            name: input.name,
            strategyType: input.strategy_type,
            description: input.description,
            parameters: input.parameters,
            tags: JSON.stringify(input.tags),
            searchText: searchText(input.name, input.strategy_type, input.description, ...input.tags),
            workspaceId,
            ownerId: principal.userId,
            createdAt: at,
            updatedAt: at,
          },
          { transaction },
        )
        await StrategyVersion.create(
          {
            strategyId: id,
            version: 1,
            parameters: JSON.stringify(input.parameters),
            note: '',
            authorId: principal.userId,
            createdAt: at,
          },
          { transaction },
        )
        await tell(row, principal, 'created', transaction)
      })
      return read(id)
    },

    async get(principal: Principal, id: string): Promise<Strategy> {
      await strategies.get(principal, id, 'viewer')
      return read(id)
    },

    /** Changes what is not part of a version; another workspace takes the strategy's runs and results along. */
    async change(principal: Principal, id: string, change: StrategyChange): Promise<Strategy> {
      await database.write(async (transaction) => {
        const row = await strategies.get(principal, id, 'editor', transaction)
        const next = {
          name: change.name ?? row.name,
          strategyType: change.strategy_type ?? row.strategyType,
          description: change.description ?? row.description,
          tags: change.tags ? JSON.stringify(change.tags) : row.tags,
          workspaceId:
            change.workspace_id === undefined || change.workspace_id === row.workspaceId
              ? row.workspaceId
              : await workspaceFor(principal, change.workspace_id, transaction),
        }
        const isMoved = next.workspaceId !== row.workspaceId
        if (isMoved && row.ownerId !== principal.userId) await strategies.get(principal, id, 'owner', transaction)
        const tags = json(next.tags, isTexts, [])
        row.set({ ...next, searchText: searchText(next.name, next.strategyType, next.description ?? '', ...tags) })
        if (row.changed() === false) return
        const edited = EDITED.filter(([column]) => row.changed(column)).map(([, words]) => words)
        await row.set({ updatedAt: new Date(now()) }).save({ transaction })
        if (isMoved)
          await Backtest.update({ workspaceId: next.workspaceId }, { where: { strategyId: id }, transaction })
        const workspace = isMoved ? await Workspace.findByPk(next.workspaceId, { transaction }) : null
        const told = workspace ? { workspace: workspace.name } : { fields: edited.join(', ') }
        await tell(row, principal, isMoved ? 'moved' : 'edited', transaction, told)
      })
      return read(id)
    },

    archive: (principal: Principal, id: string) => setArchived(principal, id, true),
    restore: (principal: Principal, id: string) => setArchived(principal, id, false),

    /** Adds a version; the parameters that are the newest already add none. */
    async addVersion(principal: Principal, id: string, input: NewStrategyVersion): Promise<StrategyVersion> {
      const version = await database.write(async (transaction) => {
        const row = await strategies.get(principal, id, 'editor', transaction)
        if (isDeepStrictEqual(json(row.parameters, isObject, {}), input.parameters)) return row.version
        const at = new Date(now())
        const version = row.version + 1
        await StrategyVersion.create(
          {
            strategyId: id,
            version,
            parameters: JSON.stringify(input.parameters),
            note: input.note,
            authorId: principal.userId,
            createdAt: at,
          },
          { transaction },
        )
        await row.update({ version, parameters: input.parameters, stage: 'research', updatedAt: at }, { transaction })
        await tell(row, principal, 'version', transaction)
        return version
      })
      const [row] = await versionRows(id, 'AND version = :version', { version })
      if (!row) throw new NotFoundError('strategy version')
      return toVersion(row)
    },

    async versions(
      principal: Principal,
      id: string,
      { limit, cursor }: { limit: number; cursor?: string | undefined },
    ): Promise<StrategyVersionList> {
      const { version: total } = await strategies.get(principal, id, 'viewer')
      const before = versionCursor(cursor)
      const rows = await versionRows(id, before ? 'AND version < :before' : '', { before, limit })
      const versions = rows.map(toVersion)
      const last = versions.at(-1)?.version ?? 1
      return { versions, total, next_cursor: last > 1 ? String(last) : null }
    },
  }

  function versionRows(id: string, condition: string, values: Record<string, unknown>): Promise<Row[]> {
    return select(
      database,
      `SELECT version.*, users.name AS author_name,
         (SELECT to_stage FROM promotions WHERE promotions.strategy_id = version.strategy_id
            AND strategy_version = version.version AND status = 'approved'
          ORDER BY decided_at DESC LIMIT 1) AS stage
       FROM strategy_versions AS version
       LEFT JOIN users ON users.id = version.author_id
       WHERE strategy_id = :id ${condition} ORDER BY version DESC LIMIT :limit`,
      { limit: 1, ...values, id },
    )
  }
}

function versionCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor)
  const message = 'The cursor is not one that this list has given: start again without it.'
  throw new ValidationError([{ field: 'cursor', message, code: 'invalid' }])
}
