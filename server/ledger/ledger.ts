import Router from '@koa/router'
import type { Audit } from '../audit/audit'
import type { DatabaseConfig } from '../config'
import type { Database } from '../db/database'
import { createTail } from '../db/tail'
import type { Log } from '../log'
import { createAccess } from './access'
import { createEvents, EVENTS_CHANNEL } from './events'
import { eventRoutes } from './events.routes'
import { evidenceRoutes } from './evidence/evidence.routes'
import { createEvidence } from './evidence/export'
import { gateRoutes } from './gates/gates.routes'
import { createGatesService } from './gates/gates.service'
import { createPolicies } from './gates/policies.service'
import { createPromotionsService } from './gates/promotions.service'
import { createCurves } from './runs/curves'
import { createIdempotency } from './runs/idempotency'
import { createReturns } from './runs/returns'
import { createRunIntake } from './runs/run-intake'
import { createRunList } from './runs/run-list'
import { createRunTelling } from './runs/run-telling'
import { createRuns } from './runs/runs'
import { runRoutes } from './runs/runs.routes'
import { createRunsService } from './runs/runs.service'
import { createScorer } from './runs/scorer'
import { createSegments } from './runs/segments'
import { createStrategies } from './strategies'
import { strategyRoutes } from './strategies.routes'
import { createStrategiesService } from './strategies.service'
import { validationRoutes } from './validations/validations.routes'
import { createValidationsService } from './validations/validations.service'
import { workspaceRoutes } from './workspaces.routes'
import { createWorkspacesService } from './workspaces.service'

const CLEAN_UP_MS = 10 * 60_000
const DAY_MS = 86_400_000

export type Ledger = ReturnType<typeof openLedger>

export interface LedgerDependencies {
  database: Database
  /** How to reach the database, for following other nodes. */
  place: { config: DatabaseConfig; password: string | undefined }
  audit: Audit
  log: Log
  now: () => number
}

/** Puts the research ledger together. */
export function openLedger({ database, place, audit, log, now }: LedgerDependencies) {
  const access = createAccess(database)
  const strategies = createStrategies(database, access)
  const events = createEvents({ database, access, strategies, now, onCommitted: () => tail.wake() })
  const notices = { database: place.config, password: place.password, channel: EVENTS_CHANNEL }
  const tail = createTail({ source: events, notices, log })
  const runs = createRuns(database, access)
  const segments = createSegments(database)
  const telling = createRunTelling(database, events, log, now)
  const idempotency = createIdempotency(database, now)
  const scorer = createScorer()
  const list = createRunList(database, access)
  const runsService = createRunsService({
    ...{ database, strategies, runs, segments, list, idempotency, scorer, telling, audit, now },
  })
  const policies = createPolicies(database, audit, now)
  const about = { database, access, strategies, events, audit, now }
  const cleanUp = setInterval(() => {
    Promise.all([
      runsService.failSilentSince(new Date(now() - DAY_MS)),
      database.write((transaction) => idempotency.forgetBefore(new Date(now() - 2 * DAY_MS), transaction)),
      database.write((transaction) => events.forgetProgress(transaction)),
    ]).catch((error) => log.warn({ err: error }, 'cleaning up the ledger failed'))
  }, CLEAN_UP_MS)
  cleanUp.unref()
  const strategiesService = createStrategiesService({ ...about, strategies })
  const validations = createValidationsService({ ...about, runs, segments, scorer })
  const gates = createGatesService({ ...about, policies })
  return {
    access,
    events,
    tail,
    runs: runsService,
    intake: createRunIntake({ database, runs, segments, telling, now }),
    curves: createCurves(runs, segments, scorer),
    returns: createReturns(runs, segments, scorer),
    validations,
    policies,
    gates,
    promotions: createPromotionsService(about),
    evidence: createEvidence({ ...about, strategiesService, runs: list, segments, validations, gates, policies }),
    strategies: strategiesService,
    workspaces: createWorkspacesService(database, access, audit, now),
    async close() {
      clearInterval(cleanUp)
      await telling.close()
      await tail.close()
      await scorer.close()
    },
  }
}

export function ledgerRoutes(ledger: Ledger): Router {
  const router = new Router()
  router.use(workspaceRoutes(ledger.workspaces).routes())
  router.use(strategyRoutes(ledger.strategies).routes())
  router.use(runRoutes(ledger).routes())
  router.use(validationRoutes(ledger.validations).routes())
  router.use(gateRoutes(ledger).routes())
  router.use(evidenceRoutes(ledger.evidence).routes())
  router.use(eventRoutes(ledger.events).routes())
  return router
}
