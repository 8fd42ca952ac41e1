import { Readable } from 'node:stream'
import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import { parseQuery } from '../http/parse'
import { route } from '../http/route'
import type { AuditService } from './audit.service'

const TYPES = { jsonl: 'application/jsonl; charset=utf-8', csv: 'text/csv; charset=utf-8; header=present' }

export function auditRoutes(audit: AuditService): Router {
  const router = new Router()

  route(router, endpoints.auditLog, async (ctx, principal) => {
    ctx.body = await audit.list(principal, parseQuery(ctx, endpoints.auditLog.query))
  })

  route(router, endpoints.ownAuditLog, async (ctx, principal) => {
    ctx.body = await audit.listOwn(principal, parseQuery(ctx, endpoints.ownAuditLog.query))
  })

  route(router, endpoints.exportAuditLog, async (ctx, principal) => {
    const query = parseQuery(ctx, endpoints.exportAuditLog.query)
    const text = await audit.export(principal, query)
    ctx.attachment(`aurelius-audit.${query.format}`)
    ctx.type = TYPES[query.format]
    ctx.body = Readable.from(text, { objectMode: false })
  })

  route(router, endpoints.verifyAuditLog, async (ctx, principal) => {
    ctx.body = await audit.verify(principal)
  })

  route(router, endpoints.acceptAuditLog, async (ctx, principal) => {
    await audit.accept(principal)
    ctx.body = { message: 'The audit log counts as it is from now on.' }
  })

  return router
}
