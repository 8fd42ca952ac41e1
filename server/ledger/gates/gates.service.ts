import { randomUUID } from 'node:crypto'
import type { Fact, GateName, Verdict } from '../../../contracts/gate-policy'
import type {
  DryRun,
  DryRunReply,
  GateEvaluation,
  GateResult,
  GateResultList,
  GateResultQuery,
} from '../../../contracts/gates'
import { actorOf } from '../../audit/actor'
import type { Audit } from '../../audit/audit'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import { NotFoundError, ValidationError } from '../../errors'
import { evaluatePolicy } from '../../quant/gate'
import type { Access } from '../access'
import { instant, json, nameOf, numberOrNull, textOrNull } from '../columns'
import type { Events } from '../events'
import { fromCursor, pageQuery, splitPage } from '../keyset'
import { requireActive, type Strategies } from '../strategies'
import { findVisible } from '../visible'
import { gatherEvidence } from './evidence'
import type { Policies } from './policies.service'

export interface GatesDependencies {
  database: Database
  access: Access
  strategies: Strategies
  policies: Policies
  events: Events
  audit: Audit
  now: () => number
}

const DRY_RUN_STRATEGIES = 100
const COLUMNS = `gate_results.id, gate_results.strategy_id, gate_results.strategy_version, gate_results.author_id,
  gate_results.gate_type, gate_results.policy_version, gate_results.policy_hash, gate_results.verdict,
  gate_results.results, gate_results.evidence, gate_results.timestamp`
const NO_EVIDENCE = { backtest: null, validation: null, gate_results: [] }

export type GatesService = ReturnType<typeof createGatesService>

/** Gates: rules held against evidence, and what came of it, for ever. */
export function createGatesService(dependencies: GatesDependencies) {
  const { database, access, strategies, policies, events, audit, now } = dependencies

  async function get(principal: Principal, id: string): Promise<GateResult> {
    const row = await findVisible(database, access, principal, { table: 'gate_results', columns: COLUMNS, id })
    if (!row) throw new NotFoundError('gate result')
    return toGateResult(row)
  }

  return {
    get,

    /** Evaluates a gate and keeps the policy version, the evidence and every check as they were. */
    async evaluate(
      principal: Principal,
      strategyId: string,
      gate: GateName,
      wanted: GateEvaluation,
    ): Promise<GateResult> {
      const id = randomUUID()
      const policy = await policies.current(gate)
      await database.write(async (transaction) => {
        const strategy = await strategies.get(principal, strategyId, 'editor', transaction)
        requireActive(strategy)
        const strategyVersion = wanted.strategy_version ?? strategy.version
        if (strategyVersion > strategy.version)
          throw new ValidationError([
            {
              field: 'strategy_version',
              message: `The strategy has no version ${strategyVersion}.`,
              code: 'not_found',
            },
          ])
        const { facts, evidence } = await gatherEvidence(
          database,
          { ...wanted, strategyId, strategyVersion },
          transaction,
        )
        const { checks, verdict } = evaluatePolicy<Fact>(policy.policy, facts)
        const passed = verdict === 'passed'
        await database.sequelize.query(
          `INSERT INTO gate_results (id, strategy_id, strategy_version, author_id, gate_type, policy_version, policy_hash,
             verdict, passed, results, evidence, production_ready, timestamp)
           VALUES (:id, :strategyId, :strategyVersion, :author, :gate, :policyVersion, :policyHash,
             :verdict, :passed, :checks, :evidence, :ready, :now)`,
          {
            replacements: {
              ...{ id, strategyId, strategyVersion, gate, verdict, passed },
              author: principal.userId,
              policyVersion: policy.version,
              policyHash: policy.hash,
              checks: JSON.stringify(checks),
              evidence: JSON.stringify(evidence),
              ready: passed && gate === 'product',
              now: new Date(now()),
            },
            transaction,
          },
        )
        audit.record(
          {
            action: 'gate.evaluated',
            by: actorOf(principal),
            target: { type: 'gate_result', id },
            details: {
              strategy_id: strategyId,
              workspace_id: strategy.workspaceId,
              gate,
              policy_version: policy.version,
              verdict,
            },
          },
          transaction,
        )
        await events.append(
          {
            type: 'gate.evaluated',
            strategy,
            subjectId: id,
            by: principal,
            data: { gate, verdict, policy_version: policy.version, strategy_version: strategyVersion },
          },
          transaction,
        )
      })
      return get(principal, id)
    },

    async list(principal: Principal, strategyId: string, query: GateResultQuery): Promise<GateResultList> {
      const strategy = await strategies.get(principal, strategyId, 'viewer')
      const { gate, strategy_version: version } = query
      const conditions = [
        ...(gate === undefined ? [] : ['gate_type = :gate']),
        ...(version === undefined ? [] : ['strategy_version = :version']),
      ]
      const { sql, replacements } = pageQuery({
        columns: COLUMNS,
        table: 'gate_results',
        conditions,
        partition: { column: 'strategy_id', values: [strategyId] },
        sort: { expression: 'timestamp', descending: true },
        after: fromCursor('-evaluated_at', query.cursor),
        limit: query.limit,
      })
      const [rows, [count]] = await Promise.all([
        select(
          database,
          `SELECT page.*, users.name AS author_name FROM (${sql}) AS page
           LEFT JOIN users ON CAST(users.id AS VARCHAR(255)) = page.author_id
           ORDER BY page.sort_key DESC, page.id DESC`,
          { ...replacements, gate, version },
        ),
        select(
          database,
          `SELECT count(*) AS total FROM gate_results
           WHERE ${['strategy_id = :strategyId', ...conditions].join(' AND ')}`,
          { strategyId, gate, version },
        ),
      ])
      const { page, next } = splitPage(rows, query.limit, '-evaluated_at')
      const of = { strategy_name: strategy.name, workspace_id: strategy.workspaceId }
      return {
        gate_results: page.map((row) => toGateResult({ ...row, ...of })),
        total: Number(count?.total),
        next_cursor: next,
      }
    },

    /** Holds a policy that is not in force against the newest evidence of the strategies the caller sees. */
    async dryRun(principal: Principal, gate: GateName, { text }: DryRun): Promise<DryRunReply> {
      const policy = await policies.read(gate, text)
      const workspaces = [...(await access.workspacesOf(principal)).keys()]
      const rows =
        workspaces.length === 0
          ? []
          : await select(
              database,
              `SELECT id, name, version FROM strategies WHERE workspace_id IN (:workspaces) AND archived_at IS NULL
               ORDER BY updated_at DESC, id LIMIT ${DRY_RUN_STRATEGIES}`,
              { workspaces },
            )
      const outcomes: DryRunReply['outcomes'] = []
      for (const row of rows) {
        const wanted = { strategyId: String(row.id), strategyVersion: Number(row.version) }
        const { facts, evidence } = await gatherEvidence(database, wanted)
        const { checks, verdict } = evaluatePolicy<Fact>(policy, facts)
        outcomes.push({
          strategy_id: wanted.strategyId,
          strategy_name: String(row.name),
          strategy_version: wanted.strategyVersion,
          verdict,
          current_verdict: evidence.gate_results.find((result) => result.gate === gate)?.verdict ?? null,
          checks,
        })
      }
      return { policy, outcomes }
    },
  }
}

function toGateResult(row: Row): GateResult {
  const isOurs = row.policy_version !== null
  const isChecks = (value: unknown): value is GateResult['checks'] => isOurs && Array.isArray(value)
  const isEvidence = (value: unknown): value is GateResult['evidence'] => isOurs && typeof value === 'object'
  return {
    id: String(row.id),
    strategy_id: String(row.strategy_id),
    strategy_name: String(row.strategy_name),
    strategy_version: Number(row.strategy_version),
    workspace_id: String(row.workspace_id),
    gate: String(row.gate_type) as GateName,
    policy_version: numberOrNull(row.policy_version),
    policy_hash: textOrNull(row.policy_hash),
    verdict: String(row.verdict) as Verdict,
    checks: json(row.results, isChecks, []),
    evidence: json(row.evidence, isEvidence, NO_EVIDENCE),
    author_id: textOrNull(row.author_id),
    author_name: nameOf(row.author_id, row.author_name),
    created_at: instant(row.timestamp),
  }
}
