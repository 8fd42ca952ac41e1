import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { run, SetupError, step } from './progress.mjs'

const root = resolve(import.meta.dirname, '..')
const lockFile = join(root, 'package-lock.json')
const installedLock = join(root, 'node_modules', '.package-lock.json')
const packagesMark = join(root, 'node_modules', '.aurelius-packages')
const nativeMark = join(root, 'node_modules', '.aurelius-native')

/** Native modules, and how each asks for a ready-made binary (null: it brings its binaries along). */
const NATIVE = { sqlite3: ['-r', 'napi'], keytar: [], bcrypt: null }
const DOWNLOAD_LIMIT = 60_000

/** Makes `node_modules` what package-lock.json says, unless it is. */
export async function installNpmPackages() {
  const lock = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  if (existsSync(packagesMark) && readFileSync(packagesMark, 'utf8') === lock) return
  if (!installedAsLocked()) {
    await step('Installing npm packages', () => npm('ci', '--ignore-scripts', '--no-audit', '--no-fund').catch(explain))
  }
  await npm('rebuild', '--ignore-scripts=false', ...otherInstallScripts())
  writeFileSync(packagesMark, lock)
}

const NO_NETWORK = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT)\b/

/**
 * @param {Error} error
 * @returns {never}
 */
function explain(error) {
  if (!NO_NETWORK.test(error.message)) throw error
  throw new SetupError('The npm registry does not answer; check the network or proxy, then run the command again.', {
    cause: error,
  })
}

/**
 * The packages whose install scripts run right away: those that package.json allows, and that are for this machine.
 * Native modules come in a step of their own, which shows progress and does not wait on a dead download site.
 */
function otherInstallScripts() {
  const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.keys(allowScripts).filter(
    (name) => allowScripts[name] && !(name in NATIVE) && existsSync(join(root, 'node_modules', name)),
  )
}

/** A person's own `npm install` leaves node_modules right too, and deleting it would cost them minutes. */
function installedAsLocked() {
  if (!existsSync(installedLock)) return false
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true
    return installed[path] ? installed[path].version === version : optional === true
  })
}

/** Makes sure that each native module loads: as it is, or with a downloaded binary, or compiled here. */
export async function provideNativeModules() {
  const machine = [process.version, process.platform, process.arch, readFileSync(packagesMark, 'utf8')].join(' ')
  if (existsSync(nativeMark) && readFileSync(nativeMark, 'utf8') === machine) return
  await Promise.all(Object.entries(NATIVE).map(([name, download]) => provideNativeModule(name, download)))
  writeFileSync(nativeMark, machine)
}

/**
 * @param {string} name
 * @param {string[] | null} downloadArgs
 */
async function provideNativeModule(name, downloadArgs) {
  if (await loads(name)) return
  if (downloadArgs) {
    await downloadBinary(name, downloadArgs)
    if (await loads(name)) return
  }
  await step(`Compiling ${name} from source`, () => compile(name))
  if (await loads(name)) return
  throw new SetupError(`The native module ${name} was compiled but does not load; delete node_modules and try again.`)
}

/** @param {string} name */
function loads(name) {
  // In a process of its own: a broken binary may take its process down.
  return run(process.execPath, ['-e', `require('${name}')`], { cwd: root }).then(
    () => true,
    () => false,
  )
}

/**
 * @param {string} name
 * @param {string[]} args
 */
async function downloadBinary(name, args) {
  const folder = join(root, 'node_modules', name)
  const prebuildInstall = createRequire(join(folder, 'package.json')).resolve('prebuild-install/bin.js')
  try {
    await run(process.execPath, [prebuildInstall, ...args], { cwd: folder, timeout: DOWNLOAD_LIMIT })
  } catch {
    console.log(`  No ready-made ${name} could be downloaded.`)
  }
}

/** @param {string} name */
async function compile(name) {
  try {
    await npm('rebuild', name, '--ignore-scripts=false')
  } catch (error) {
    throw new SetupError(
      `The native module ${name} could not be compiled; it needs python3, make and a C++ compiler, and on Linux libsecret's headers.\n${error}`,
    )
  }
}

/** @param {string[]} args */
function npm(...args) {
  const env = { ...process.env, npm_config_build_from_source: 'true', JOBS: 'max', ...ownHeaders() }
  return run('npm', args, { cwd: root, env, shell: process.platform === 'win32' })
}

/** Node's headers usually lie beside it, and then node-gyp need not download them. */
function ownHeaders() {
  const prefix = dirname(dirname(process.execPath))
  return existsSync(join(prefix, 'include', 'node', 'common.gypi')) ? { npm_config_nodedir: prefix } : {}
}
