import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { protocol } from 'electron'

const SCHEME = 'aurelius'
export const START_PAGE_URL = `${SCHEME}://start/`

/** No script at all: the preload fills the page in, from its own world. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Must run before the app is ready. */
export function declareStartPage(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])
}

/** The page the window shows until there is a server, and when there is none. Its own scheme: no `file:`, no port. */
export function serveStartPage(mainFolder: string, rendererFolder: string): void {
  const files = new Map([
    ['/', { file: join(mainFolder, 'splash.html'), type: 'text/html; charset=utf-8' }],
    ['/splash.css', { file: join(mainFolder, 'splash.css'), type: 'text/css; charset=utf-8' }],
    ['/inter.woff2', { file: dashboardFont(rendererFolder), type: 'font/woff2' }],
  ])
  protocol.handle(SCHEME, (request) => {
    const found = files.get(new URL(request.url).pathname)
    if (!found?.file) return new Response(null, { status: 404 })
    // Not through Node's threads: a keychain that hangs may hold them, and this page has to say so.
    return new Response(readFileSync(found.file), {
      headers: {
        'content-type': found.type,
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
      },
    })
  })
}

/** The built dashboard names its files by their content. `null` while only the programs are built. */
function dashboardFont(rendererFolder: string): string | null {
  const assets = join(rendererFolder, 'assets')
  const name = existsSync(assets) && readdirSync(assets).find((file) => /^inter-latin-wght-normal.*\.woff2$/.test(file))
  return name ? join(assets, name) : null
}
