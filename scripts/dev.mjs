/**
 * The app while it is being written: the dashboard reloads in place, the programs are rebuilt and restarted.
 *
 * The window loads Vite's address, which main takes from AURELIUS_DEV_URL and honours only when it is not packaged. Vite
 * passes /api on to our server, so that the page and its API share an origin as they do in the product.
 */
import { spawn } from 'node:child_process'
import { createServer as createListener } from 'node:net'
import { join, resolve } from 'node:path'
import { context } from 'esbuild'
import { createServer } from 'vite'
import { copyMainPages, forNode, forPreload, NODE_PROGRAMS, PRELOAD } from './build.mjs'
import { hasDisplay } from './display.mjs'
import { findElectron } from './electron-runtime.mjs'
import { electronCommand } from './launch-electron.mjs'

const QUIET_BEFORE_RESTART = 150

const root = resolve(import.meta.dirname, '..')
const apiPort = await freePort()
const vite = await startVite(`http://127.0.0.1:${apiPort}`)
const pageUrl = new URL(vite.resolvedUrls?.local[0] ?? '').origin // another port than usual, where that is taken
const electron = hasDisplay() ? findElectron() : null

/** @type {import('node:child_process').ChildProcess | undefined} */
let app
/** @type {NodeJS.Timeout | undefined} */
let restart
let lastRestart = Promise.resolve()

process.on('SIGINT', stop)
process.on('SIGTERM', stop)
await watch()
console.log(`The dashboard with hot reload: ${pageUrl}`)

async function watch() {
  const programs = [forNode(NODE_PROGRAMS), forPreload(PRELOAD)]
  const notBuiltYet = new Set(programs)
  for (const program of programs) {
    const restartAfterBuild = {
      name: 'restart-after-build',
      /** @param {import('esbuild').PluginBuild} build */
      setup(build) {
        build.onEnd(({ errors }) => {
          if (errors.length > 0) return
          notBuiltYet.delete(program)
          if (notBuiltYet.size === 0) restartSoon()
        })
      },
    }
    const plugins = [...(program.plugins ?? []), restartAfterBuild]
    await (await context({ ...program, plugins })).watch()
  }
}

function restartSoon() {
  clearTimeout(restart)
  restart = setTimeout(() => {
    lastRestart = lastRestart.then(restartApp)
  }, QUIET_BEFORE_RESTART)
}

async function restartApp() {
  if (app && app.exitCode === null && app.signalCode === null) {
    const ended = new Promise((done) => app?.once('exit', done))
    app.removeListener('exit', stop)
    app.kill('SIGTERM')
    await ended
  }
  copyMainPages()
  const { command, args, env } = electron
    ? electronCommand(electron)
    : { command: process.execPath, args: ['dist/main/serve.cjs', '--temporary-key'], env: {} }
  app = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env, PORT: String(apiPort), AURELIUS_DEV_URL: pageUrl },
  })
  if (electron) app.once('exit', stop) // its window was closed
}

function stop() {
  app?.kill('SIGTERM')
  process.exit(0)
}

/** @param {string} api */
async function startVite(api) {
  const server = await createServer({
    configFile: join(root, 'renderer', 'vite.config.ts'),
    server: {
      host: '127.0.0.1',
      proxy: {
        // Host and Origin go on as they came: to the server this page is one of its own.
        '/api': { target: api },
      },
    },
  })
  return server.listen()
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((done) => {
    const listener = createListener().listen(0, '127.0.0.1', () => {
      const address = listener.address()
      listener.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
