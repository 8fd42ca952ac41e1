/**
 * Packs the app for the system and processor this runs on: the native modules in node_modules are for no other.
 *
 * Usage: node scripts/package.mjs         the installers that electron-builder.yml names for this system
 *        node scripts/package.mjs --dir   the unpacked app alone; it also works with the stand-in Electron, for testing
 */
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getConfig } from 'app-builder-lib/out/util/config/config.js'
import { Arch, build, Platform } from 'electron-builder'
import { findElectron } from './electron-runtime.mjs'
import { writeNotices } from './notices.mjs'
import { fail, SetupError, step } from './progress.mjs'

const root = resolve(import.meta.dirname, '..')

/** @param {{ dir: boolean }} options */
export async function packageApp({ dir }) {
  const electron = findElectron()
  if (!electron) throw new SetupError('There is no Electron to pack; run "npm run dist" so that it is fetched first.')
  if (!electron.official && !dir) {
    throw new SetupError(
      `Packages for people need the official Electron, and this is ${electron.label}; run this again with its download site in reach.`,
    )
  }
  await writeNotices(join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'))
  const arch = Arch[/** @type {keyof typeof Arch} */ (process.arch)]
  await build({
    projectDir: root,
    config: electron.official ? 'electron-builder.yml' : 'scripts/stand-in-package.mjs',
    targets: Platform.current().createTarget(dir ? 'dir' : await installers(), arch),
    publish: 'never',
  })
}

/** Their names without the processors: electron-builder.yml lists all that are released, and this machine packs for its own. */
async function installers() {
  const { mac, win, linux } = await getConfig(root, 'electron-builder.yml', null)
  const { target } = { darwin: mac, win32: win }[/** @type {string} */ (process.platform)] ?? linux ?? {}
  return [target ?? []].flat().map((it) => (typeof it === 'string' ? it : it.target))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dir = process.argv.includes('--dir')
  await step(dir ? 'Packing the unpacked app' : 'Packing the installers', () => packageApp({ dir })).catch(fail)
}
