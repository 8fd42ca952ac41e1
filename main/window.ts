import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { IPC, type ServerStatus } from '../contracts/ipc'
import { report } from './desktop-log'
import { START_PAGE_URL } from './start-page'
import { clampToDisplays, DEFAULT_SIZE, MINIMUM_SIZE, readWindowState, writeWindowState } from './window-state'

const ABORTED = -3 // Chromium's code for a load that another one replaced
const LOOK_AGAIN_MS = 1000

export interface MainWindow {
  present(status: ServerStatus): void
  focus(): void
}

export interface WindowOptions {
  stateFile: string
  status(): ServerStatus
  /** Where the dashboard is served from, for a server at this address. */
  dashboardOrigin(serverOrigin: string): string
}

/** The one window: the start page until there is a server, the dashboard from then on. */
export function openWindow({ stateFile, status, dashboardOrigin }: WindowOptions): MainWindow {
  const window = createWindow(stateFile)
  let shown = START_PAGE_URL

  function show(url: string): void {
    shown = url
    // A load that fails is told by `did-fail-load`; one that is replaced by the next is no failure.
    window.loadURL(url).catch(() => undefined)
  }

  function present(current: ServerStatus): void {
    if (window.isDestroyed()) return
    if (current.state === 'ready') {
      const dashboard = `${dashboardOrigin(current.origin)}/`
      if (shown !== dashboard) show(dashboard)
    }
    if (current.state === 'failed' && shown !== START_PAGE_URL) show(START_PAGE_URL)
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
  show(START_PAGE_URL)

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
