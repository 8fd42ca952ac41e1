import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { session } from 'electron'
import { FILE_HEADERS, openPages, type Page } from '../server/pages'

const HTML = 'text/html; charset=utf-8'
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export interface EarlyPages {
  /** The origin whose pages main serves; `null` once the server does. */
  readonly origin: string | null
  end(): void
}

/**
 * Serves the dashboard's pages to the window in the server's place, at the address where it was the last time, while
 * the server starts. Nothing leaves the app meanwhile: requests to any other place, and those of the API, are refused.
 */
export function serveEarlyPages(rendererFolder: string, origin: string): EarlyPages {
  const { protocol } = session.defaultSession
  const pages = openPages(rendererFolder)
  let serving = true
  protocol.handle('http', ({ url, method }) => {
    const asked = new URL(url)
    const isOurs = asked.origin === origin && method === 'GET' && !asked.pathname.startsWith('/api/')
    const file = isOurs ? pages.file(asked.pathname) : undefined
    if (file !== undefined) return fileReply(file)
    const page = isOurs ? pages.page(asked.pathname) : undefined
    return page ? pageReply(page) : new Response(null, { status: 503 })
  })
  return {
    get origin() {
      return serving ? origin : null
    },
    end() {
      if (!serving) return
      serving = false
      protocol.unhandle('http')
    },
  }
}

/** Where it is not known where the server will be, the window waits for it. */
export const noEarlyPages: EarlyPages = { origin: null, end: () => undefined }

function fileReply(file: string): Response {
  // Not through Node's threads: a keychain that hangs may hold them.
  const type = TYPES[extname(file)] ?? 'application/octet-stream'
  return new Response(readFileSync(file), { headers: { ...FILE_HEADERS, 'Content-Type': type } })
}

function pageReply({ html, policy }: Page): Response {
  return new Response(html, {
    headers: { ...FILE_HEADERS, 'Content-Type': HTML, 'Content-Security-Policy': policy },
  })
}
