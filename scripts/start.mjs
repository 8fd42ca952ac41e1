import { spawn } from 'node:child_process'
import { hasDisplay } from './display.mjs'
import { findElectron } from './electron-runtime.mjs'
import { electronCommand } from './launch-electron.mjs'

const { command, args, env } = hasDisplay() ? desktop() : headless()
const app = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })

// A terminal's Ctrl+C reaches the app by itself; waiting for it here keeps its last words on the screen.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => app.kill('SIGTERM'))
app.on('exit', (code) => process.exit(code ?? 1))

function desktop() {
  const electron = findElectron()
  if (!electron) throw new Error('No Electron is here although the set-up has run; delete node_modules and try again.')
  console.log(`Electron ${electron.label}`)
  return electronCommand(electron)
}

function headless() {
  console.log('There is no display here, so the server starts alone; open the address it prints in a browser.')
  // Whoever tries the app from a clone has no key yet, and often no keychain either.
  return { command: process.execPath, args: ['dist/main/serve.cjs', '--temporary-key'], env: {} }
}
