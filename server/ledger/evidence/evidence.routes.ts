import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import Router from '@koa/router'
import { endpoints } from '../../../contracts/endpoints'
import { strategyParams } from '../../../contracts/strategies'
import { parseParams } from '../../http/parse'
import { route } from '../../http/route'
import type { Evidence } from './export'

export function evidenceRoutes(evidence: Evidence): Router {
  const router = new Router()

  route(router, endpoints.strategyEvidence, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    const { name, archive } = await evidence.export(principal, id)
    ctx.type = 'application/gzip'
    ctx.attachment(`${fileName(name)}.evidence.tar.gz`)
    // Where it fails half-way the connection is cut, and the archive lacks its manifest.
    ctx.body = pipeline(Readable.from(archive), createGzip(), () => undefined)
  })

  return router
}

function fileName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return plain.slice(0, 80) || 'strategy'
}
