import Router from '@koa/router'
import type { Database } from '../db/database'
import { createAccess } from './access'
import { createEvents } from './events'
import { eventRoutes } from './events.routes'
import { createStrategies } from './strategies'
import { strategyRoutes } from './strategies.routes'
import { createStrategiesService } from './strategies.service'
import { workspaceRoutes } from './workspaces.routes'
import { createWorkspacesService } from './workspaces.service'

export type Ledger = ReturnType<typeof openLedger>

/** Puts the research ledger together. */
export function openLedger(database: Database, now: () => number) {
  const access = createAccess(database)
  const listeners = new Set<() => void>()
  const events = createEvents(database, access, now, () => {
    for (const listener of listeners) listener()
  })
  const strategies = createStrategies(database, access)
  return {
    access,
    events,
    strategies: createStrategiesService({ database, access, strategies, events, now }),
    workspaces: createWorkspacesService(database, access, now),
    /** Calls a listener after this node wrote events; answers how to end that. */
    onEvents(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function ledgerRoutes(ledger: Ledger): Router {
  const router = new Router()
  router.use(workspaceRoutes(ledger.workspaces).routes())
  router.use(strategyRoutes(ledger.strategies).routes())
  router.use(eventRoutes(ledger.events).routes())
  return router
}
