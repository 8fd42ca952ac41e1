import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import type { Health } from '../../contracts/health'
import type { Database } from '../db/database'
import { DatabaseUnavailableError } from '../errors'
import { sendPage } from './dashboard'
import { openApiDocument } from './openapi'
import { openPage, route } from './route'

const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Aurelius API</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/api-docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/api-docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`
const DOCS_SCRIPT = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null })\n`

/** What the server says of itself: health, the OpenAPI document and a page that shows it. */
export function systemRoutes(database: Database, version: string): Router {
  const router = new Router()
  const startedAt = Date.now()
  const document = JSON.stringify(openApiDocument(version))

  route(router, endpoints.health, async (ctx) => {
    try {
      await database.ping()
    } catch (cause) {
      throw new DatabaseUnavailableError(cause)
    }
    ctx.body = {
      status: 'healthy',
      version,
      database: { dialect: database.dialect, status: 'connected' },
      uptime_seconds: Math.floor((Date.now() - startedAt) / 1000),
    } satisfies Health
  })

  openPage(router, 'openapi', (ctx) => {
    ctx.type = 'application/json'
    ctx.body = document
  })

  openPage(router, 'docs', (ctx) => sendPage(ctx, DOCS_PAGE))

  openPage(router, 'docsScript', (ctx) => {
    ctx.type = 'text/javascript'
    ctx.body = DOCS_SCRIPT
  })

  return router
}
