import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { IPC, type ServerStatus } from '../contracts/ipc'
import { report } from './desktop-log'
import { START_PAGE_URL } from './start-page'
import { clampToDisplays, DEFAULT_SIZE, MINIMUM_SIZE, readWindowState, writeWindowState } from './window-state'

const ABORTED = -3 // Chromium's code for a load that another one replaced
const LOOK_AGAIN_MS = 1000
const SPLASH_AFTER_MS = 400 // a shorter start than this is over before a splash could be read
const BLANK = 'about:blank'

export interface MainWindow {
  present(status: ServerStatus): void
  focus(): void
}

export interface WindowOptions {
  stateFile: string
  /** Where the dashboard's pages can be had before there is a server; `null`: nowhere. */
  earlyOrigin: string | null
  /** Whether the page may come before the API: not where the database may have to be updated first. */
  opensEarly: boolean
  status(): ServerStatus
  /** Where the dashboard is served from, for a server at this address. */
  dashboardOrigin(serverOrigin: string): string
}

/** Whether the dashboard can be loaded: its API may still be on the way. */
export function servesPages(status: ServerStatus): status is Extract<ServerStatus, { origin: string }> {
  return status.state === 'opening' || status.state === 'ready'
}

/**
 * The one window: the dashboard from when its pages are served, the start page when that takes long or fails. Where no
 * page can be had at once it is blank at first, so that the process that shows the dashboard starts beside the server.
 */
export function openWindow({ stateFile, earlyOrigin, opensEarly, status, dashboardOrigin }: WindowOptions): MainWindow {
  const window = createWindow(stateFile)
  let shown = ''

  function show(url: string): void {
    shown = url
    // A load that fails is told by `did-fail-load`; one that is replaced by the next is no failure.
    window.loadURL(url).catch(() => undefined)
  }

  function present(current: ServerStatus): void {
    if (window.isDestroyed()) return
    if (current.state === 'ready' || (current.state === 'opening' && opensEarly)) {
      const dashboard = `${dashboardOrigin(current.origin)}/`
      if (shown !== dashboard) show(dashboard)
    }
    if ((current.state === 'failed' || current.state === 'starting') && shown !== START_PAGE_URL) show(START_PAGE_URL)
    window.webContents.send(IPC.serverStatus, current)
  }

  window.webContents.on('dom-ready', () => window.webContents.send(IPC.serverStatus, status()))
  window.webContents.on('did-fail-load', (_event, code, _description, url, isMainFrame) => {
    if (!isMainFrame || code === ABORTED || url === START_PAGE_URL) return
    show(START_PAGE_URL)
    setTimeout(() => present(status()), LOOK_AGAIN_MS)
  })
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') setTimeout(() => window.isDestroyed() || window.webContents.reload(), LOOK_AGAIN_MS)
  })
  if (status().state !== 'starting') present(status())
  else if (earlyOrigin !== null) show(`${earlyOrigin}/`)
  else {
    show(BLANK)
    setTimeout(() => shown === BLANK && present(status()), SPLASH_AFTER_MS)
  }

  return {
    present,
    focus() {
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
  }
}

function createWindow(stateFile: string): BrowserWindow {
  const state = readWindowState(stateFile)
  const workAreas = screen.getAllDisplays().map((display) => display.workArea)
  const window = new BrowserWindow({
    ...DEFAULT_SIZE,
    ...(state.bounds && clampToDisplays(state.bounds, workAreas)),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: 'Aurelius',
    backgroundColor: backgroundColor(),
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(__dirname, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (state.maximized) window.maximize()

  window.on('close', () => {
    try {
      writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
    } catch (error) {
      report('The next window will not open where this one was:', error)
    }
  })
  const repaint = () => window.setBackgroundColor(backgroundColor())
  nativeTheme.on('updated', repaint)
  window.once('closed', () => nativeTheme.off('updated', repaint))
  return window
}

/** The pages' own background, so that nothing flashes white between them. */
function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#0b0e13' : '#f5f6f8'
}
