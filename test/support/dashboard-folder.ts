import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

export const SECRET_BESIDE = 'what lies beside the dashboard'

/** A built dashboard in small, with a file beside it that nobody may read. */
export function dashboardFolder(files: Record<string, string> = {}): string {
  const parent = mkdtempSync(join(tmpdir(), 'aurelius-dashboard-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  const content = {
    'secret.txt': SECRET_BESIDE,
    'dashboard/index.html':
      '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style><title>Aurelius</title>',
    'dashboard/favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'dashboard/assets/app-1a2b3c.js': 'console.log("the dashboard")',
    'dashboard/assets/app-1a2b3c.js.map': '{"sources":["../../renderer/main.tsx"]}',
    'dashboard/assets/inter-4d5e6f.woff2': 'font',
    ...files,
  }
  for (const [file, text] of Object.entries(content)) {
    mkdirSync(dirname(join(parent, file)), { recursive: true })
    writeFileSync(join(parent, file), text)
  }
  return join(parent, 'dashboard')
}
