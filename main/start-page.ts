import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { protocol } from 'electron'

const SCHEME = 'aurelius'
export const START_PAGE_URL = `${SCHEME}://start/`

const FILES = new Map([
  ['/', { name: 'splash.html', type: 'text/html; charset=utf-8' }],
  ['/splash.css', { name: 'splash.css', type: 'text/css; charset=utf-8' }],
])

/** No script at all: the preload fills the page in, from its own world. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Must run before the app is ready. */
export function declareStartPage(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])
}

/** The page the window shows until there is a server, and when there is none. Its own scheme: no `file:`, no port. */
export function serveStartPage(folder: string): void {
  protocol.handle(SCHEME, (request) => {
    const file = FILES.get(new URL(request.url).pathname)
    if (!file) return new Response(null, { status: 404 })
    // Not through Node's threads: a keychain that hangs may hold them, and this page has to say so.
    return new Response(readFileSync(join(folder, file.name)), {
      headers: {
        'content-type': file.type,
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
      },
    })
  })
}
