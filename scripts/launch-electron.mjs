import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** @type {Partial<Record<NodeJS.Platform, string>>} */
const BINARY = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }

// Chromium refuses its sandbox to root. Seen from inside this user namespace the app is an ordinary user, and keeps it.
const AS_ORDINARY_USER = ['--user', '--map-user=1000', '--map-group=1000', '--']

/**
 * The command that runs the app from this folder, with Chromium's sandbox on wherever that is possible.
 *
 * @param {import('./electron-runtime.mjs').Electron} electron
 * @returns {{ command: string, args: string[], env: Record<string, string> }}
 */
export function electronCommand(electron) {
  const binary = join(electron.dist, BINARY[process.platform] ?? 'electron')
  const env = { ELECTRON_OVERRIDE_DIST_PATH: electron.dist }
  if (process.platform !== 'linux') return { command: binary, args: ['.'], env }

  if (process.getuid?.() !== 0) {
    const obstacle = sandboxObstacle(electron.dist)
    if (!obstacle) return { command: binary, args: ['.'], env }
    return { command: binary, args: withoutSandbox(obstacle), env }
  }
  // The session bus tells users apart by their real number, so from inside the namespace the keychain is out of reach.
  if (hasSessionBus()) return { command: binary, args: withoutSandbox('root with a session bus cannot have it'), env }
  if (!works('unshare', [...AS_ORDINARY_USER, 'true'])) {
    return { command: binary, args: withoutSandbox('this machine allows root no user namespace'), env }
  }
  return { command: 'unshare', args: [...AS_ORDINARY_USER, binary, '.'], env }
}

/** @param {string} reason */
function withoutSandbox(reason) {
  console.warn(`Chromium’s sandbox is off: ${reason}.`)
  return ['--no-sandbox', '.']
}

/**
 * @param {string} dist
 * @returns {string | null} why an ordinary user cannot have the sandbox
 */
function sandboxObstacle(dist) {
  const helper = statSync(join(dist, 'chrome-sandbox'), { throwIfNoEntry: false })
  if (helper && helper.uid === 0 && helper.mode & 0o4000) return null
  const switchFile = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns'
  if (existsSync(switchFile) && readFileSync(switchFile, 'utf8').trim() === '1') {
    return 'AppArmor keeps user namespaces from programs it does not know'
  }
  return works('unshare', ['--user', 'true']) ? null : 'this machine allows no user namespaces'
}

function hasSessionBus() {
  return (
    Boolean(process.env.DBUS_SESSION_BUS_ADDRESS) ||
    existsSync(join(process.env.XDG_RUNTIME_DIR ?? '/run/user/0', 'bus'))
  )
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function works(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
