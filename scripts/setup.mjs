/**
 * Brings a fresh clone, or one that fell behind, to where the npm script that asked for it can run.
 * It runs before npm has installed anything, so it and what it imports use Node's own modules only.
 *
 * Usage: node scripts/setup.mjs --for=start|dev|serve|check|build|dist|bench|test
 */
import { hasDisplay } from './display.mjs'
import { fail, SetupError } from './progress.mjs'

/** @typedef {{ system: string[], native?: boolean, electron?: boolean, built?: boolean, bench?: boolean }} Purpose */

const OLDEST_NODE = [20, 19]

/** @type {Purpose} */
const SERVER = { system: ['compiler', 'keychain'], native: true, built: true }
/** @type {Purpose} */
const DESKTOP = { ...SERVER, system: [...SERVER.system, 'desktop'], electron: true }
/** @type {Purpose} */
const TESTS = { ...DESKTOP, system: [...DESKTOP.system, 'tests'] }
/** @type {Purpose} */
const PACKAGES_ONLY = { system: [] }

/** @type {Record<string, Purpose>} what each npm script needs */
const PURPOSES = {
  start: hasDisplay() ? DESKTOP : SERVER,
  dev: hasDisplay() ? DESKTOP : SERVER,
  serve: SERVER,
  check: PACKAGES_ONLY,
  build: PACKAGES_ONLY,
  dist: DESKTOP,
  bench: { ...TESTS, bench: true },
  test: TESTS,
}

try {
  checkNode()
  await setUp(purposeOf(process.argv.slice(2)))
} catch (error) {
  fail(error)
}

/** @param {Purpose} purpose */
async function setUp({ system, native = false, electron = false, built = false, bench = false }) {
  // Imported only now: on a Node too old for them the sentence about its version should be what people see.
  const { installSystemPackages } = await import('./system-packages.mjs')
  const { installNpmPackages, provideNativeModules } = await import('./npm-packages.mjs')
  const { provideElectron } = await import('./electron-runtime.mjs')
  const { buildStale } = await import('./build.mjs')

  await installSystemPackages(system)
  await installNpmPackages()
  await Promise.all([native && provideNativeModules(), electron && provideElectron(), built && buildStale({ bench })])
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  throw new SetupError(
    `Aurelius needs Node.js ${OLDEST_NODE.join('.')} or newer and this is ${process.versions.node}; install a newer one and run the command again.`,
  )
}

/** @param {string[]} args */
function purposeOf(args) {
  const name = args.find((arg) => arg.startsWith('--for='))?.slice('--for='.length) ?? 'start'
  const purpose = PURPOSES[name]
  if (!purpose) throw new SetupError(`"${name}" is no purpose; choose one of ${Object.keys(PURPOSES).join(', ')}.`)
  return purpose
}
