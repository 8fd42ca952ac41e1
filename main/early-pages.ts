import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { type ProtocolResponse, session } from 'electron'
import { FILE_HEADERS, openPages, type Page } from '../server/pages'

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

// Chromium learns of an opener policy when it has a process for the page, and starts another for it. This window has no
// opener and opens nothing.
const { 'Cross-Origin-Opener-Policy': _none, ...HEADERS } = FILE_HEADERS

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
  // Deprecated, and kept: `protocol.handle` takes its Response from a library whose loading delays the page by 90 ms.
  protocol.interceptBufferProtocol('http', ({ url, method }, answer) => {
    const asked = new URL(url)
    const isOurs = asked.origin === origin && method === 'GET' && !asked.pathname.startsWith('/api/')
    const file = isOurs ? pages.file(asked.pathname) : undefined
    if (file !== undefined) return answer(fileReply(file))
    const page = isOurs ? pages.page(asked.pathname) : undefined
    answer(page ? pageReply(page) : { statusCode: 503, data: Buffer.alloc(0) })
  })
  return {
    get origin() {
      return serving ? origin : null
    },
    end() {
      if (!serving) return
      serving = false
      protocol.uninterceptProtocol('http')
    },
  }
}

/** Where it is not known where the server will be, the window waits for it. */
export const noEarlyPages: EarlyPages = { origin: null, end: () => undefined }

function fileReply(file: string): ProtocolResponse {
  // Not through Node's threads: a keychain that hangs may hold them.
  return reply(readFileSync(file), TYPES[extname(file)] ?? 'application/octet-stream', HEADERS)
}

function pageReply({ html, policy }: Page): ProtocolResponse {
  return reply(Buffer.from(html), 'text/html', { ...HEADERS, 'Content-Security-Policy': policy })
}

function reply(data: Buffer, mimeType: string, headers: Record<string, string>): ProtocolResponse {
  return { data, mimeType, charset: 'utf-8', headers }
}
