import { randomBytes } from 'node:crypto'
import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { pagePolicy, SECURITY_HEADERS } from './http/security-headers'

const NONCE_PLACEHOLDER = '__CSP_NONCE__'
export const ONE_YEAR = 'public, max-age=31536000, immutable'

/** Headers of every file of the dashboard. */
export const FILE_HEADERS: Record<string, string> = SECURITY_HEADERS

export interface Page {
  html: string
  /** For the Content-Security-Policy header: this page's scripts and styles, and nothing else. */
  policy: string
}

export interface Pages {
  /** The file under a path such as `/assets/index.js`; `undefined` where the one page answers, or nothing. */
  file(path: string): string | undefined
  /** The dashboard's page, which answers every path without an ending. */
  page(path: string): Page | undefined
}

/**
 * What the built dashboard has: its files, and its one page for every other path. Only files that were there at the
 * start, and no links, so no path leads anywhere else.
 */
export function openPages(folder: string): Pages {
  const files = new Map(listFiles(folder, ''))
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  return {
    file: (path) => (path === '/index.html' ? undefined : files.get(path)),
    page: (path) => (extname(path) === '' || path === '/index.html' ? withPolicy(html) : undefined),
  }
}

/** A page under a policy with a nonce of its own. */
export function withPolicy(html: string): Page {
  const nonce = randomBytes(16).toString('base64')
  return { html: html.replaceAll(NONCE_PLACEHOLDER, nonce), policy: pagePolicy(nonce) }
}

function* listFiles(folder: string, below: string): Generator<[string, string]> {
  const entries: Dirent[] = readdirSync(join(folder, below), { withFileTypes: true })
  for (const entry of entries) {
    const path = `${below}/${entry.name}`
    if (entry.isDirectory()) yield* listFiles(folder, path)
    else if (entry.isFile() && !entry.name.endsWith('.map')) yield [path, join(folder, path)]
  }
}
