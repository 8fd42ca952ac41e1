import { randomUUID } from 'node:crypto'
import type { Transaction } from 'sequelize'
import type { GateName } from '../../../contracts/gate-policy'
import type {
  NewPromotion,
  Promotion,
  PromotionDecision,
  PromotionList,
  PromotionQuery,
} from '../../../contracts/gates'
import { type Stage, stage } from '../../../contracts/strategies'
import { actorOf } from '../../audit/actor'
import type { Audit } from '../../audit/audit'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import { NotFoundError, NotPromotableError, ValidationError } from '../../errors'
import type { StrategyRow } from '../../models/strategy'
import type { Access } from '../access'
import { instant, instantOrNull, nameOf, textOrNull } from '../columns'
import type { Events } from '../events'
import { fromCursor, splitPage } from '../keyset'
import { requireActive, type Strategies } from '../strategies'
import { type Authors, authorsOf } from './promotion-authors'

export interface PromotionsDependencies {
  database: Database
  access: Access
  strategies: Strategies
  events: Events
  audit: Audit
  now: () => number
}

const SELECTED = `promotions.*, strategies.name AS strategy_name, strategies.workspace_id,
  strategies.owner_id AS strategy_owner, version.author_id AS version_author,
  asker.name AS requested_by_name, decider.name AS decided_by_name`
const JOINED = `promotions JOIN strategies ON strategies.id = promotions.strategy_id
  LEFT JOIN strategy_versions AS version
    ON version.strategy_id = promotions.strategy_id AND version.version = promotions.strategy_version
  LEFT JOIN users AS asker ON CAST(asker.id AS VARCHAR(255)) = promotions.requested_by
  LEFT JOIN users AS decider ON CAST(decider.id AS VARCHAR(255)) = promotions.decided_by`

export type PromotionsService = ReturnType<typeof createPromotionsService>

/** How a strategy version goes one stage up: its gate passed, and a reviewer who is no author of it agrees. */
export function createPromotionsService(dependencies: PromotionsDependencies) {
  const { database, access, strategies, events, audit, now } = dependencies

  async function find(principal: Principal, id: string, transaction?: Transaction): Promise<Row> {
    const workspaces = [...(await access.workspacesOf(principal, transaction)).keys()]
    const [row] =
      workspaces.length === 0
        ? []
        : await select(
            database,
            `SELECT ${SELECTED} FROM ${JOINED} WHERE promotions.id = :id AND strategies.workspace_id IN (:workspaces)`,
            { id, workspaces },
            transaction,
          )
    if (!row) throw new NotFoundError('promotion')
    return row
  }

  /** Where a version stands: what it was promoted to last. */
  async function stageOf(strategyId: string, version: number, transaction: Transaction): Promise<Stage> {
    const [row] = await select(
      database,
      `SELECT to_stage FROM promotions WHERE strategy_id = :strategyId AND strategy_version = :version
         AND status = 'approved' ORDER BY decided_at DESC LIMIT 1`,
      { strategyId, version },
      transaction,
    )
    return stage.catch('research').parse(row?.to_stage)
  }

  async function passedResult(strategyId: string, version: number, gate: GateName, transaction: Transaction) {
    const [row] = await select(
      database,
      `SELECT id, verdict, policy_version, (SELECT max(version) FROM gate_policies WHERE gate = :gate) AS in_force
       FROM gate_results WHERE strategy_id = :strategyId AND strategy_version = :version
         AND gate_type = :gate AND policy_version IS NOT NULL ORDER BY timestamp DESC, id DESC LIMIT 1`,
      { strategyId, version, gate },
      transaction,
    )
    if (row && Number(row.in_force) > Number(row.policy_version))
      throw new NotPromotableError(`The gate ${gate} has a newer policy by now: evaluate it again.`)
    if (row?.verdict === 'passed') return String(row.id)
    throw new NotPromotableError(
      row
        ? `The newest evaluation of the gate ${gate} is ${row.verdict}: it has to pass first.`
        : `The gate ${gate} was not evaluated for this version: evaluate it first.`,
    )
  }

  async function tell(
    type: 'promotion.requested' | 'promotion.approved' | 'promotion.declined',
    { id, gateResultId, toStage, version }: { id: string; gateResultId: string; toStage: string; version: number },
    strategy: StrategyRow,
    principal: Principal,
    transaction: Transaction,
  ): Promise<void> {
    const details = { strategy_id: strategy.id, workspace_id: strategy.workspaceId, gate_result_id: gateResultId }
    audit.record({ action: type, by: actorOf(principal), target: { type: 'promotion', id }, details }, transaction)
    const data = { to_stage: toStage, strategy_version: version }
    await events.append({ type, strategy, subjectId: id, by: principal, data }, transaction)
  }

  async function decide(
    principal: Principal,
    id: string,
    status: 'approved' | 'declined',
    { comment }: PromotionDecision,
  ): Promise<Promotion> {
    await database.write(async (transaction) => {
      const seen = await find(principal, id, transaction)
      const strategy = await strategies.get(principal, String(seen.strategy_id), 'viewer', transaction)
      const row = await find(principal, id, transaction) // as it is under the lock of its strategy
      if (row.status !== 'pending') throw new NotPromotableError(`This promotion was ${row.status} already.`)
      if ((await authorsOf(database, [row], transaction)).get(id)?.has(principal.userId))
        throw new NotPromotableError('An author cannot decide about their own work: ask another reviewer.')
      const [version, toStage] = [Number(row.strategy_version), String(row.to_stage) as Exclude<Stage, 'research'>]
      if (status === 'approved') {
        requireActive(strategy)
        const result = await passedResult(strategy.id, version, toStage, transaction)
        if (result !== row.gate_result_id)
          throw new NotPromotableError('The gate was evaluated again since this was asked for: ask for it anew.')
        if ((await stageOf(strategy.id, version, transaction)) !== row.from_stage)
          throw new NotPromotableError('The version stands at another stage by now: ask for it anew.')
        if (version === strategy.version)
          await strategy.update({ stage: toStage, updatedAt: new Date(now()) }, { transaction })
      }
      await database.sequelize.query(
        `UPDATE promotions SET status = :status, decided_by = :by, decided_at = :at, decision_comment = :comment
         WHERE id = :id`,
        { replacements: { id, status, by: principal.userId, at: new Date(now()), comment }, transaction },
      )
      const about = { id, gateResultId: String(row.gate_result_id), toStage, version }
      await tell(`promotion.${status}`, about, strategy, principal, transaction)
    })
    return get(principal, id)
  }

  async function get(principal: Principal, id: string): Promise<Promotion> {
    const row = await find(principal, id)
    return toPromotion(row, principal, await authorsOf(database, [row]))
  }

  return {
    async request(principal: Principal, strategyId: string, input: NewPromotion): Promise<Promotion> {
      const id = randomUUID()
      await database.write(async (transaction) => {
        const strategy = await strategies.get(principal, strategyId, 'editor', transaction)
        requireActive(strategy)
        const version = input.strategy_version ?? strategy.version
        if (version > strategy.version)
          throw new ValidationError([
            { field: 'strategy_version', message: `The strategy has no version ${version}.`, code: 'not_found' },
          ])
        const from = await stageOf(strategyId, version, transaction)
        const to = stage.options[stage.options.indexOf(from) + 1]
        if (to === undefined || to === 'research')
          throw new NotPromotableError('This version is at the last stage already.')
        const [pending] = await select(
          database,
          `SELECT id FROM promotions WHERE strategy_id = :strategyId AND strategy_version = :version AND status = 'pending'`,
          { strategyId, version },
          transaction,
        )
        if (pending) throw new NotPromotableError('A promotion of this version waits for a reviewer already.')
        const gateResultId = await passedResult(strategyId, version, to, transaction)
        await database.sequelize.query(
          `INSERT INTO promotions (id, strategy_id, strategy_version, from_stage, to_stage, gate_result_id, status,
             comment, requested_by, requested_at)
           VALUES (:id, :strategyId, :version, :from, :to, :gateResultId, 'pending', :comment, :by, :at)`,
          {
            replacements: {
              ...{ id, strategyId, version, from, to, gateResultId },
              comment: input.comment,
              by: principal.userId,
              at: new Date(now()),
            },
            transaction,
          },
        )
        await tell('promotion.requested', { id, gateResultId, toStage: to, version }, strategy, principal, transaction)
      })
      return get(principal, id)
    },

    approve: (principal: Principal, id: string, decision: PromotionDecision) =>
      decide(principal, id, 'approved', decision),
    decline: (principal: Principal, id: string, decision: PromotionDecision) =>
      decide(principal, id, 'declined', decision),

    async list(principal: Principal, query: PromotionQuery): Promise<PromotionList> {
      const after = fromCursor('-requested_at', query.cursor)
      const workspaces = [...(await access.workspacesOf(principal)).keys()]
      if (workspaces.length === 0) return { promotions: [], total: 0, next_cursor: null }
      const conditions = [
        'strategies.workspace_id IN (:workspaces)',
        ...(query.strategy_id === undefined ? [] : ['promotions.strategy_id = :strategy']),
        ...(query.status === undefined ? [] : ['promotions.status = :status']),
      ]
      const position = after ? ['(promotions.requested_at, promotions.id) < (:after, :afterId)'] : []
      const values = {
        ...{ workspaces, strategy: query.strategy_id, status: query.status, rows: query.limit + 1 },
        ...(after ? { after: after.value, afterId: after.id } : {}),
      }
      const [rows, [count]] = await Promise.all([
        select(
          database,
          `SELECT ${SELECTED}, promotions.requested_at AS sort_key FROM ${JOINED}
           WHERE ${[...conditions, ...position].join(' AND ')}
           ORDER BY promotions.requested_at DESC, promotions.id DESC LIMIT :rows`,
          values,
        ),
        select(
          database,
          `SELECT count(*) AS total FROM promotions JOIN strategies ON strategies.id = promotions.strategy_id
           WHERE ${conditions.join(' AND ')}`,
          values,
        ),
      ])
      const { page, next } = splitPage(rows, query.limit, '-requested_at')
      const authors = await authorsOf(database, page)
      return {
        promotions: page.map((row) => toPromotion(row, principal, authors)),
        total: Number(count?.total),
        next_cursor: next,
      }
    },
  }
}

function toPromotion(row: Row, principal: Principal, authors: Authors): Promotion {
  const isAuthor = authors.get(String(row.id))?.has(principal.userId) ?? false
  return {
    id: String(row.id),
    strategy_id: String(row.strategy_id),
    strategy_name: String(row.strategy_name),
    strategy_version: Number(row.strategy_version),
    workspace_id: String(row.workspace_id),
    from_stage: stage.parse(row.from_stage),
    to_stage: stage.parse(row.to_stage),
    gate_result_id: String(row.gate_result_id),
    status: String(row.status) as Promotion['status'],
    comment: String(row.comment),
    requested_by: textOrNull(row.requested_by),
    requested_by_name: nameOf(row.requested_by, row.requested_by_name),
    requested_at: instant(row.requested_at),
    decided_by: textOrNull(row.decided_by),
    decided_by_name: nameOf(row.decided_by, row.decided_by_name),
    decided_at: instantOrNull(row.decided_at),
    decision_comment: textOrNull(row.decision_comment),
    can_decide: row.status === 'pending' && principal.scopes.has('gates:approve') && !isAuthor,
  }
}
