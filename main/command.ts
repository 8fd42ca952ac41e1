import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import { EXIT } from '../server/start-error'

const NO_DISPLAY =
  'Here the command needs a display, as the app does: run it in your desktop session, or from a clone of Aurelius with Node.js.'

/** Runs the command in this process, which opens no window and takes nothing from an app that may be running. */
export function runCommand(): void {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    console.error(NO_DISPLAY)
    process.exit(EXIT.unavailable)
  }
  app.dock?.hide()
  app.disableHardwareAcceleration()
  // Chromium keeps a profile wherever it runs, and that of the app is in use.
  app.setPath('userData', join(cacheFolder(process.env), 'Aurelius', 'command'))
  // A bundle of its own: the window must not wait for it to be read. It ends the process.
  createRequire(__filename)(join(__dirname, '..', 'cli', 'aurelius.cjs'))
}

function cacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  if (process.platform === 'win32') return LOCALAPPDATA || join(homedir(), 'AppData', 'Local')
  return XDG_CACHE_HOME || join(homedir(), '.cache')
}
