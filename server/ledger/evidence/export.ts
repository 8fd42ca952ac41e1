import { createHash } from 'node:crypto'
import type { EvidenceManifest } from '../../../contracts/evidence'
import { actorOf } from '../../audit/actor'
import type { Audit } from '../../audit/audit'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { select } from '../../db/select'
import { decodeCurves } from '../../quant/codec'
import type { GatesService } from '../gates/gates.service'
import type { Policies } from '../gates/policies.service'
import type { createRunList } from '../runs/run-list'
import type { Segments } from '../runs/segments'
import { decodeTrades, joinTrades } from '../runs/trade-codec'
import type { Strategies } from '../strategies'
import type { StrategiesService } from '../strategies.service'
import type { ValidationsService } from '../validations/validations.service'
import { curveCsv, tradesCsv } from './rows'
import { tarEnd, tarEntry } from './tar'

export interface EvidenceDependencies {
  database: Database
  strategies: Strategies
  strategiesService: StrategiesService
  runs: ReturnType<typeof createRunList>
  segments: Segments
  validations: ValidationsService
  gates: GatesService
  policies: Policies
  audit: Audit
  now: () => number
}

const EVERYTHING = 200

export type Evidence = ReturnType<typeof createEvidence>

/** A strategy's whole evidence as one archive. */
export function createEvidence(dependencies: EvidenceDependencies) {
  const { database, strategies, strategiesService, runs, segments, validations, gates, policies, audit, now } =
    dependencies

  /** The files of the archive, one after the other: the rows of one run are held at a time. */
  async function* files(principal: Principal, strategyId: string): AsyncGenerator<{ path: string; text: string }> {
    const json = (path: string, value: unknown) => ({ path, text: `${JSON.stringify(value, null, 2)}\n` })
    yield json('strategy.json', await strategiesService.get(principal, strategyId))
    const versions = paged((cursor) => strategiesService.versions(principal, strategyId, { limit: EVERYTHING, cursor }))
    yield json('versions.json', (await collect(versions, ({ versions }) => versions)).reverse())

    const lists = paged((cursor) =>
      runs.list(principal, { limit: EVERYTHING, cursor, strategy_id: strategyId, sort: 'created_at' }),
    )
    for await (const { backtests } of lists) {
      for (const { id } of backtests) {
        // It may have ended since the list was read: the rows are those of what is written here.
        const run = await runs.get(principal, id)
        const { status, point_count, trade_count } = run
        yield json(`backtests/${id}/backtest.json`, run)
        if (status !== 'completed' && status !== 'failed') continue
        const points = await segments.readBytes(id, 'points', { from: 0, to: point_count })
        yield {
          path: `backtests/${id}/equity.csv`,
          text: curveCsv(decodeCurves(points.map(({ bytes }) => bytes))),
        }
        const trades = await segments.readBytes(id, 'trades', { from: 0, to: trade_count })
        yield {
          path: `backtests/${id}/trades.csv`,
          text: tradesCsv(joinTrades(trades.map(({ bytes }) => decodeTrades(bytes)))),
        }
      }
    }
    const checks = paged((cursor) => validations.list(principal, strategyId, { limit: EVERYTHING, cursor }))
    for (const { id } of await collect(checks, ({ validations }) => validations))
      yield json(`validations/${id}.json`, await validations.get(principal, id))

    const results = paged((cursor) => gates.list(principal, strategyId, { limit: EVERYTHING, cursor }))
    const used = new Set<string>()
    for (const result of await collect(results, ({ gate_results }) => gate_results)) {
      used.add(`${result.gate}.${result.policy_version}`)
      yield json(`gate-results/${result.id}.json`, result)
    }
    for (const gate of ['dev', 'crv', 'product'] as const)
      for (const policy of (await policies.history(principal, gate)).policies)
        if (used.has(`${gate}.${policy.version}`)) yield json(`policies/${gate}-${policy.version}.json`, policy)
    const promotions = await select(
      database,
      'SELECT * FROM promotions WHERE strategy_id = :strategyId ORDER BY requested_at, id',
      { strategyId },
    )
    yield json('promotions.json', promotions)
  }

  return {
    /** @throws {NotFoundError} there is no such strategy that the caller sees */
    async export(
      principal: Principal,
      strategyId: string,
    ): Promise<{ name: string; archive: AsyncGenerator<Uint8Array> }> {
      const strategy = await strategies.get(principal, strategyId, 'viewer')
      const [user] = await select(database, 'SELECT name FROM users WHERE id = :id', { id: principal.userId })
      const at = new Date(now())
      async function* archive(): AsyncGenerator<Uint8Array> {
        const manifest: EvidenceManifest = {
          format: 'aurelius-evidence-1',
          strategy_id: strategy.id,
          strategy_name: strategy.name,
          exported_at: at.toISOString(),
          exported_by: String(user?.name ?? ''),
          files: [],
        }
        for await (const { path, text } of files(principal, strategyId)) {
          const bytes = Buffer.from(text)
          manifest.files.push({ path, bytes: bytes.length, sha256: sha256(bytes) })
          yield* tarEntry({ path, bytes }, at)
        }
        const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
        await database.write(async (transaction) => {
          audit.record(
            {
              action: 'evidence.exported',
              by: actorOf(principal),
              target: { type: 'strategy', id: strategy.id },
              details: { strategy_id: strategy.id, workspace_id: strategy.workspaceId, manifest_sha256: sha256(bytes) },
            },
            transaction,
          )
        })
        yield* tarEntry({ path: 'manifest.json', bytes }, at)
        yield tarEnd()
      }
      return { name: strategy.name, archive: archive() }
    },
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function* paged<Page extends { next_cursor: string | null }>(
  read: (cursor: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page = await read(cursor)
    yield page
    cursor = page.next_cursor
  }
}

async function collect<Page, Item>(pages: AsyncIterable<Page>, itemsOf: (page: Page) => Item[]): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...itemsOf(page))
  return items
}
