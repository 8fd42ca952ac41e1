import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { app, BrowserWindow, ipcMain } from 'electron'
import { isCommand } from '../cli/first-words'
import { IPC } from '../contracts/ipc'
import { version } from '../package.json'
import { dataFolder as personalDataFolder } from '../server/data-folder'
import { workOnAuditHeads } from './audit-heads'
import { openBridge } from './bridge'
import { runCommand } from './command'
import { keepDesktopLog, report } from './desktop-log'
import { forkServer, prepareServer } from './desktop-server'
import { noEarlyPages, serveEarlyPages } from './early-pages'
import { openKeychain } from './keychain'
import { readLastOrigin, writeLastOrigin } from './last-start'
import { lockDown, originOf } from './lockdown'
import { setMenu } from './menu'
import { guardRequests } from './refresh-cookie'
import { createRefreshToken } from './refresh-token'
import { openRunNotices } from './run-notices'
import { openPdfSaving } from './save-pdf'
import { packed, workOnSigningKeys } from './signing-key-messages'
import { followSigningKeys } from './signing-key-news'
import { readOrCreateSigningKeys } from './signing-keys'
import { declareStartPage, serveStartPage } from './start-page'
import { createSupervisor } from './supervisor'
import { type MainWindow, openWindow, servesPages } from './window'

const EXIT_SOFTWARE = 70
const LAST_WRITE_LIMIT_MS = 5000
const PAINT_LIMIT_MS = 1000 // a window that cannot be seen paints nothing

// Electron would open a box and carry on in an unknown state. Ending is safe: the server process ends with this one.
process.on('uncaughtException', (error) => {
  report('An error nobody expected:', error)
  app.exit(EXIT_SOFTWARE)
})
process.umask(0o077)

app.setName('Aurelius')
app.setPath('userData', app.commandLine.getSwitchValue('user-data-dir') || join(app.getPath('appData'), 'Aurelius'))
// With both, a root process loses its children: Chromium then refuses to start them.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
declareStartPage()

if (isCommand(process.argv.slice(app.isPackaged ? 1 : 2))) runCommand()
else if (app.requestSingleInstanceLock()) run()
else {
  console.log('Aurelius is already running; its window comes to the front.')
  app.quit()
}

function run(): void {
  const dataFolder = app.getPath('userData')
  const logFolder = app.getPath('logs')
  keepDesktopLog(logFolder)
  const devOrigin = app.isPackaged ? null : originOf(process.env.AURELIUS_DEV_URL ?? '')
  const rendererFolder = join(__dirname, '..', 'renderer')
  const lastStartFile = join(dataFolder, 'last-start.json')
  const expectedOrigin = readLastOrigin(lastStartFile, version)
  const keychain = openKeychain()
  const newsFolder = personalDataFolder(process.env)
  const refreshToken = createRefreshToken(keychain)
  let window: MainWindow | null = null
  let earlyPages = noEarlyPages
  let quitting = false

  const supervisor = createSupervisor({
    fork: forkServer,
    prepare: (onProgress) => prepareServer(keychain, { data: dataFolder, logs: logFolder }, onProgress),
    workOnAuditHeads: (work) => workOnAuditHeads(keychain, work),
    workOnSigningKeys: (work) => workOnSigningKeys(keychain, newsFolder, work),
    onStatus: (status) => {
      earlyPages.end()
      if (status.state === 'ready') remember(status.origin)
      window?.present(status)
    },
  })
  const lastOrigin = () => supervisor.origin && (devOrigin ?? supervisor.origin)
  // While the server is away anybody may listen where it was.
  const dashboardOrigin = () => earlyPages.origin ?? (servesPages(supervisor.status) ? lastOrigin() : null)

  function remember(origin: string): void {
    if (origin === expectedOrigin) return
    try {
      writeLastOrigin(lastStartFile, { origin, version })
    } catch (error) {
      report('The next start will be a little slower:', error)
    }
  }

  function show(): void {
    window = openWindow({
      stateFile: join(dataFolder, 'window.json'),
      earlyOrigin: earlyPages.origin,
      opensEarly: expectedOrigin !== null,
      status: () => supervisor.status,
      dashboardOrigin: (serverOrigin) => devOrigin ?? serverOrigin,
    })
  }

  /** On macOS the app runs on when its window is closed. */
  function bringToFront(): void {
    if (BrowserWindow.getAllWindows().length > 0) window?.focus()
    else if (!quitting) show()
  }

  app.on('second-instance', () => app.whenReady().then(bringToFront))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  stopBeforeQuit(async () => {
    quitting = true
    const kept = Promise.race([refreshToken.settled().then(() => true), pause(LAST_WRITE_LIMIT_MS, false)])
    await supervisor.stop()
    if (!(await kept) || keychain.hasHungCall()) process.kill(process.pid, 'SIGKILL')
  })

  app.whenReady().then(() => {
    const isEarly = expectedOrigin !== null && devOrigin === null
    if (isEarly) afterFirstPaint(() => supervisor.start())
    else supervisor.start() // first: it loads its modules while the window is being made
    serveStartPage(__dirname, rendererFolder)
    if (isEarly) earlyPages = serveEarlyPages(rendererFolder, expectedOrigin)
    lockDown(dashboardOrigin)
    guardRequests(refreshToken, { own: dashboardOrigin, last: lastOrigin, earlier: expectedOrigin })
    openBridge({ logFolder, retry: () => supervisor.retry() })
    openRunNotices(dashboardOrigin)
    openPdfSaving(dashboardOrigin)
    setMenu({ dataFolder, logFolder })
    show()
    followSigningKeys(newsFolder, {
      read: () => readOrCreateSigningKeys(keychain),
      onKeys: (keys) => supervisor.replaceSigningKeys(packed(keys)),
      onTrouble: (error) => report('The signing keys could not be read again:', error),
    })
    app.on('activate', bringToFront)
  })
}

/** Where the page is at hand, the server starts when it can be seen: on few cores each would keep the other waiting. */
function afterFirstPaint(start: () => void): void {
  let started = false
  const once = () => {
    if (!started) start()
    started = true
  }
  ipcMain.once(IPC.pagePainted, once)
  setTimeout(once, PAINT_LIMIT_MS)
}

/** The windows are gone by then; the server finishes what it has begun. */
function stopBeforeQuit(stop: () => Promise<void>): void {
  let stopped = false
  app.on('will-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    // With nothing to stop it ends at once, and Electron ignores a second quit until the first one's event is over.
    stop().finally(() =>
      setImmediate(() => {
        stopped = true
        app.quit()
      }),
    )
  })
}
