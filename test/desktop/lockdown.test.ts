import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { guestForm, launch, openDashboard, startSession } from './launch'

test('the page has no Node, no Electron and no remote module, and sees of the bridge only what its contract names', async () => {
  const { page, app } = await openDashboard()

  const seen = await page.evaluate(() => ({
    globals: ['require', 'module', 'process', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter(
      (name) => name in globalThis,
    ),
    bridge: Object.entries((globalThis as unknown as { aurelius: object }).aurelius).map(([name, value]) => [
      name,
      typeof value === 'object' ? Object.keys(value) : typeof value,
    ]),
  }))
  expect(seen.globals).toEqual([])
  expect(Object.fromEntries(seen.bridge)).toEqual({
    versions: ['app', 'electron', 'chrome', 'node'],
    onServerStatus: 'function',
    tellRunEnded: 'function',
    savePdf: 'function',
  })
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    return contents.getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
  })
})

test('nothing is checked for spelling, for which Chromium would fetch dictionaries', async () => {
  const { app } = await openDashboard()

  expect(await app.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled())).toBe(false)
})

test('the processes that show pages run in the sandbox of Chromium', async () => {
  const { app, page } = await openDashboard()

  const metrics = await app.evaluate(({ app: electron }) => electron.getAppMetrics())
  expect(await app.evaluate(() => process.argv.concat(process.execArgv))).not.toContain('--no-sandbox')
  const renderers = metrics.filter(({ type }) => type === 'Tab')
  expect(renderers.length).toBeGreaterThan(0)
  for (const { pid } of renderers) expect(seccompMode(pid)).toBe('2')
  await page.title()
})

test('a webview stays an empty element', async () => {
  const { page, app } = await openDashboard()

  await page.evaluate(() => {
    const view = document.createElement('webview')
    view.setAttribute('src', 'https://example.com/')
    document.body.append(view)
  })
  await page.waitForTimeout(500)

  const types = await app.evaluate(({ webContents }) => webContents.getAllWebContents().map((one) => one.getType()))
  expect(types).not.toContain('webview')
})

test('both pages come with a content security policy that lets no foreign and no inline script run', async () => {
  const session = await startSession('absent')
  const desktop = await launch(session)
  await desktop.page.getByRole('heading', { name: 'Aurelius could not start' }).waitFor()
  await expectNoInlineScript(desktop.page)
  await session.restartKeychain('unlocked')
  await desktop.page.getByRole('button', { name: 'Try again' }).click()
  await guestForm(desktop.page).waitFor()
  await expectNoInlineScript(desktop.page)
})

test('pages are granted nothing but copying', async () => {
  const { page } = await openDashboard()

  const answers = await page.evaluate(async () => {
    const refused = (attempt: Promise<unknown>) =>
      attempt.then(
        () => 'granted',
        (error: Error) => error.name,
      )
    return {
      notifications: await Notification.requestPermission(),
      camera: await refused(navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await refused(navigator.mediaDevices.getDisplayMedia()),
      midi: await refused(navigator.requestMIDIAccess({ sysex: true })),
      place: await new Promise((done) =>
        navigator.geolocation.getCurrentPosition(
          () => done('granted'),
          (error) => done(error.code),
        ),
      ),
      clipboard: await refused(navigator.clipboard.readText()),
      states: await Promise.all(
        ['geolocation', 'notifications', 'camera', 'clipboard-read'].map(
          async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
        ),
      ),
    }
  })

  expect(answers).toEqual({
    notifications: 'denied',
    camera: expect.stringMatching(/NotAllowedError|NotFoundError/),
    screen: expect.stringMatching(/NotAllowedError|NotSupportedError|InvalidStateError/),
    midi: expect.stringMatching(/NotAllowedError|SecurityError/),
    place: 1, // PERMISSION_DENIED
    clipboard: 'NotAllowedError',
    states: ['denied', 'denied', 'denied', 'denied'],
  })
  await page.bringToFront()
  expect(await page.evaluate(() => navigator.clipboard.writeText('curl').then(() => 'copied', String))).toBe('copied')
})

test('a certificate that nobody vouches for is refused', async () => {
  const { app, session } = await openDashboard()
  const { key, cert } = selfSigned(session.env.HOME ?? '')
  const server = createServer({ key, cert }, (_request, reply) => reply.end('hello')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())

  const answer = await app.evaluate(
    ({ net }, port) =>
      net.fetch(`https://127.0.0.1:${port}/`).then(
        () => 'accepted',
        (error: Error) => error.message,
      ),
    (server.address() as AddressInfo).port,
  )

  expect(answer).toContain('ERR_CERT_AUTHORITY_INVALID')
})

function selfSigned(folder: string): { key: Buffer; cert: Buffer } {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-keyout', keyFile, '-out', certFile]
  execFileSync('openssl', [...request, ...names], { stdio: 'ignore' })
  return { key: readFileSync(keyFile), cert: readFileSync(certFile) }
}

/** 2: the process filters its system calls. */
function seccompMode(pid: number): string | undefined {
  return /^Seccomp:\s+(\d)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
}

async function expectNoInlineScript(page: Page): Promise<void> {
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script')
    script.textContent = 'globalThis.inlineRan = true'
    document.head.append(script)
    // In its own turn: what the debugger evaluates at once is exempt from the policy.
    const evaluated = await new Promise((done) =>
      setTimeout(() => {
        try {
          done(new Function('return true')())
        } catch {
          done(false)
        }
      }),
    )
    return { inline: 'inlineRan' in globalThis, evaluated }
  })
  expect(ran).toEqual({ inline: false, evaluated: false })
}
