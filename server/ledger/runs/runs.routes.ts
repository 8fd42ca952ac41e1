import { Readable } from 'node:stream'
import Router from '@koa/router'
import type { Context } from 'koa'
import {
  backtestCompletion,
  backtestFailure,
  backtestParams,
  backtestProgress,
  newBacktest,
} from '../../../contracts/backtests'
import { endpoints } from '../../../contracts/endpoints'
import { parseBody, parseParams, parseQuery } from '../../http/parse'
import { route } from '../../http/route'
import { streamedBody } from '../../http/streamed-body'
import type { Curves } from './curves'
import { hashOf, readKey } from './idempotency'
import { readFinishedRun } from './record-intake'
import type { Returns } from './returns'
import type { createRunIntake } from './run-intake'
import type { RunsService } from './runs.service'
import { tradesAsCsv } from './trades-csv'

export interface RunRoutesDependencies {
  runs: RunsService
  intake: ReturnType<typeof createRunIntake>
  curves: Curves
  returns: Returns
}

const TEXTS = ['json', 'csv', 'ndjson'] as const

const idOf = (ctx: Context): string => parseParams(ctx, backtestParams, 'backtest').id

export function runRoutes({ runs, intake, curves, returns }: RunRoutesDependencies): Router {
  const router = new Router()

  route(router, endpoints.backtests, async (ctx, principal) => {
    ctx.body = await runs.list(principal, parseQuery(ctx, endpoints.backtests.query))
  })

  route(router, endpoints.compareBacktests, async (ctx, principal) => {
    const { ids } = parseQuery(ctx, endpoints.compareBacktests.query)
    ctx.body = await runs.compare(principal, ids)
  })

  route(router, endpoints.startBacktest, async (ctx, principal) => {
    const key = readKey(ctx.get('Idempotency-Key'))
    ctx.body = await runs.start(principal, await parseBody(ctx, newBacktest), key)
    ctx.status = 201
  })

  route(router, endpoints.recordBacktest, async (ctx, principal) => {
    const key = readKey(ctx.get('Idempotency-Key'))
    const { input, rows, bodyHash } = await readFinishedRun(streamedBody(ctx, ['json']))
    const asked = key === undefined ? undefined : { key, requestHash: hashOf('record', bodyHash) }
    ctx.body = await runs.record(principal, input, rows, asked)
    ctx.status = 201
  })

  route(router, endpoints.backtest, async (ctx, principal) => {
    ctx.body = await runs.get(principal, idOf(ctx))
  })

  route(router, endpoints.backtestProgress, async (ctx, principal) => {
    ctx.body = await runs.progressOf(principal, idOf(ctx))
  })

  route(router, endpoints.setBacktestProgress, async (ctx, principal) => {
    ctx.body = await runs.setProgress(principal, idOf(ctx), await parseBody(ctx, backtestProgress))
  })

  route(router, endpoints.appendPoints, async (ctx, principal) => {
    const { offset } = parseQuery(ctx, endpoints.appendPoints.query)
    ctx.body = await intake.appendPoints(principal, idOf(ctx), offset, streamedBody(ctx, [...TEXTS, 'binary']))
  })

  route(router, endpoints.appendTrades, async (ctx, principal) => {
    const { offset } = parseQuery(ctx, endpoints.appendTrades.query)
    ctx.body = await intake.appendTrades(principal, idOf(ctx), offset, streamedBody(ctx, TEXTS))
  })

  route(router, endpoints.completeBacktest, async (ctx, principal) => {
    ctx.body = await runs.complete(principal, idOf(ctx), await parseBody(ctx, backtestCompletion))
  })

  route(router, endpoints.failBacktest, async (ctx, principal) => {
    ctx.body = await runs.fail(principal, idOf(ctx), await parseBody(ctx, backtestFailure))
  })

  route(router, endpoints.backtestCurve, async (ctx, principal) => {
    const query = parseQuery(ctx, endpoints.backtestCurve.query)
    const { times, values, pointCount } = await curves.curve(principal, idOf(ctx), query)
    ctx.vary('Accept')
    if (ctx.accepts('application/json', 'application/octet-stream') === 'application/octet-stream') {
      ctx.set('X-Point-Count', String(pointCount))
      ctx.type = 'application/octet-stream'
      ctx.body = Buffer.concat([asBytes(times), asBytes(values)])
    } else {
      ctx.body = { point_count: pointCount, times: Array.from(times), values: Array.from(values) }
    }
  })

  route(router, endpoints.backtestReturns, async (ctx, principal) => {
    ctx.body = await returns(principal, idOf(ctx), parseQuery(ctx, endpoints.backtestReturns.query))
  })

  route(router, endpoints.backtestTrades, async (ctx, principal) => {
    ctx.body = await curves.trades(principal, idOf(ctx), parseQuery(ctx, endpoints.backtestTrades.query))
  })

  route(router, endpoints.backtestTradesCsv, async (ctx, principal) => {
    const id = idOf(ctx)
    await runs.progressOf(principal, id)
    ctx.attachment(`trades-${id}.csv`)
    ctx.type = 'text/csv; charset=utf-8; header=present'
    ctx.body = Readable.from(tradesAsCsv(curves, principal, id), { objectMode: false })
  })

  return router
}

function asBytes(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}
