import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run, SetupError, step } from './progress.mjs'

/**
 * @typedef {object} Need
 * @property {'compiler' | 'keychain' | 'desktop' | 'tests'} group
 * @property {() => boolean} there looks for the thing itself, so that it does not matter how it came to this machine
 * @property {string} debian the package that brings it, on Debian and Ubuntu
 * @property {string} fedora
 * @property {string} arch
 */

/** @type {Need[]} */
const ON_LINUX = [
  { group: 'compiler', there: command('python3'), debian: 'python3', fedora: 'python3', arch: 'python' },
  { group: 'compiler', there: command('make'), debian: 'make', fedora: 'make', arch: 'base-devel' },
  { group: 'compiler', there: command('g++'), debian: 'g++', fedora: 'gcc-c++', arch: 'base-devel' },
  {
    group: 'compiler',
    there: header('libsecret-1'),
    debian: 'libsecret-1-dev',
    fedora: 'libsecret-devel',
    arch: 'libsecret',
  },
  {
    group: 'keychain',
    there: library('libsecret-1.so.0'),
    debian: 'libsecret-1-0',
    fedora: 'libsecret',
    arch: 'libsecret',
  },
  { group: 'desktop', there: library('libgtk-3.so.0'), debian: 'libgtk-3-0', fedora: 'gtk3', arch: 'gtk3' },
  { group: 'desktop', there: library('libnss3.so'), debian: 'libnss3', fedora: 'nss', arch: 'nss' },
  { group: 'desktop', there: library('libasound.so.2'), debian: 'libasound2', fedora: 'alsa-lib', arch: 'alsa-lib' },
  { group: 'desktop', there: library('libgbm.so.1'), debian: 'libgbm1', fedora: 'mesa-libgbm', arch: 'mesa' },
  { group: 'tests', there: command('Xvfb'), debian: 'xvfb', fedora: 'xorg-x11-server-Xvfb', arch: 'xorg-server-xvfb' },
  { group: 'tests', there: command('xauth'), debian: 'xauth', fedora: 'xorg-x11-xauth', arch: 'xorg-xauth' },
  {
    group: 'tests',
    there: allOf(command('dbus-daemon'), command('dbus-send')),
    debian: 'dbus',
    fedora: 'dbus-daemon dbus-tools',
    arch: 'dbus',
  },
  {
    group: 'tests',
    there: command('gnome-keyring-daemon'),
    debian: 'gnome-keyring',
    fedora: 'gnome-keyring',
    arch: 'gnome-keyring',
  },
  { group: 'tests', there: command('secret-tool'), debian: 'libsecret-tools', fedora: 'libsecret', arch: 'libsecret' },
  {
    group: 'tests',
    there: command('chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'),
    debian: 'chromium-headless-shell',
    fedora: 'chromium',
    arch: 'chromium',
  },
]

/**
 * Installs what is missing where that needs no question (Debian or Ubuntu as root); elsewhere says which command does.
 *
 * @param {string[]} groups
 */
export async function installSystemPackages(groups) {
  if (process.platform === 'darwin') return checkMac(groups)
  if (process.platform !== 'linux') return
  const missing = ON_LINUX.filter((need) => groups.includes(need.group) && !need.there())
  if (missing.length === 0) return

  if (command('apt-get')() && process.getuid?.() === 0) return aptInstall(missing)

  const names = missing.map((need) => need.debian).join(', ')
  const advice = `Some system packages are missing (${names}). Install them with: ${installCommand(missing)}`
  // A compiler is not needed where ready-made native modules can be downloaded, so its absence alone stops nothing.
  if (missing.every((need) => need.group === 'compiler')) console.warn(advice)
  else throw new SetupError(`${advice}\nThen run the command again.`)
}

/** @param {Need[]} needs */
async function aptInstall(needs) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const patience = ['-o', 'DPkg::Lock::Timeout=300'] // another apt may be at work on a machine that just booted
  const unreachable = (/** @type {unknown} */ cause) => {
    throw new SetupError(
      `System packages could not be installed (${debianNames(needs).join(', ')}): ${lastLine(cause)}`,
      {
        cause,
      },
    )
  }
  await step('Reading the list of system packages', () =>
    run('apt-get', [...patience, 'update'], { env }).catch(unreachable),
  )
  const names = debianNames(needs).filter(aptOffers)
  if (names.length > 0) {
    await step(`Installing system packages: ${names.join(' ')}`, () =>
      run('apt-get', [...patience, 'install', '-y', '--no-install-recommends', ...names], { env }).catch(unreachable),
    )
  }
  const unknown = debianNames(needs).filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    console.warn(
      `This system’s package sources offer no ${unknown.join(', ')}; check the network, or install what is missing in another way.`,
    )
  }
}

/** @param {unknown} error */
function lastLine(error) {
  return error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
}

/**
 * Ubuntu knows names, such as chromium, that it has nothing to install for.
 *
 * @param {string} name
 */
function aptOffers(name) {
  try {
    const policy = execFileSync('apt-cache', ['policy', name], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    })
    return /^\s*Candidate: (?!\(none\))/m.test(policy)
  } catch {
    return false
  }
}

/**
 * Newer Debian and Ubuntu renamed libraries for 64-bit time, for example libgtk-3-0 to libgtk-3-0t64.
 *
 * @param {Need[]} needs
 */
function debianNames(needs) {
  return unique(needs.map((need) => need.debian)).map((name) => (aptOffers(`${name}t64`) ? `${name}t64` : name))
}

/** @param {Need[]} needs */
function installCommand(needs) {
  if (command('apt-get')()) {
    const names = debianNames(needs).join(' ')
    return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}`
  }
  if (command('dnf')()) return `sudo dnf install -y ${unique(needs.map((need) => need.fedora)).join(' ')}`
  if (command('pacman')()) return `sudo pacman -S --needed ${unique(needs.map((need) => need.arch)).join(' ')}`
  return `your system's package manager (Debian's names: ${debianNames(needs).join(' ')})`
}

/** @param {string[]} groups */
function checkMac(groups) {
  if (
    groups.includes('compiler') &&
    !existsSync('/Library/Developer/CommandLineTools') &&
    !existsSync('/Applications/Xcode.app')
  ) {
    console.warn('Apple’s command line tools are missing. Install them with: xcode-select --install')
  }
  const browsers = ['/Applications/Chromium.app', '/Applications/Google Chrome.app']
  if (groups.includes('tests') && !browsers.some((app) => existsSync(app))) {
    throw new SetupError(
      'The tests need Chromium. Install it with: brew install --cask chromium\nThen run the command again.',
    )
  }
}

/** @param {string[]} names any of which will do */
function command(...names) {
  return () => {
    const folders = (process.env.PATH ?? '').split(delimiter)
    return names.some((name) => folders.some((folder) => existsSync(join(folder, name))))
  }
}

/** @param {(() => boolean)[]} checks */
function allOf(...checks) {
  return () => checks.every((check) => check())
}

/** @param {string} folder */
function header(folder) {
  return () => existsSync(join('/usr/include', folder))
}

/** @type {string | undefined} */
let libraries

/** @param {string} name */
function library(name) {
  return () => {
    libraries ??= listLibraries()
    return libraries.includes(`\t${name} `)
  }
}

function listLibraries() {
  const ldconfig = ['/sbin/ldconfig', '/usr/bin/ldconfig'].find((path) => existsSync(path)) ?? 'ldconfig'
  return execFileSync(ldconfig, ['-p'], { encoding: 'utf8' })
}

/** @param {string[]} names */
function unique(names) {
  return [...new Set(names)]
}
