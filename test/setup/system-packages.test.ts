import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const script = resolve(import.meta.dirname, '../../scripts/system-packages.mjs')

const FAIL = '#!/bin/sh\nexit 1\n'
const offers = (names: string) =>
  `#!/bin/sh\ncase $2 in ${names}) echo '  Candidate: 1.0' ;; *) echo '  Candidate: (none)' ;; esac\n`
const OFFERS_OLD_NAMES = '#!/bin/sh\ncase $2 in *t64) ;; *) echo "  Candidate: 1.0" ;; esac\n'

test.each([
  [
    'dnf',
    'sudo dnf install -y xorg-x11-server-Xvfb xorg-x11-xauth dbus-daemon dbus-tools gnome-keyring libsecret chromium',
  ],
  ['pacman', 'sudo pacman -S --needed xorg-server-xvfb xorg-xauth dbus gnome-keyring libsecret chromium'],
  [
    'apt-get',
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends xvfb xauth dbus gnome-keyring libsecret-tools chromium-headless-shell',
  ],
])('where only %s is there, an ordinary user is told the one line to run', (manager, line) => {
  const { status, stderr } = installFor('tests', { uid: 1000, commands: { [manager]: FAIL, 'apt-cache': FAIL } })

  expect(status).toBe(1)
  expect(stderr).toContain(`Install them with: ${line}\n`)
})

test('a missing compiler is told and stops nothing, for ready-made binaries may do', () => {
  const { status, stderr } = installFor('compiler', { uid: 1000, commands: { pacman: FAIL } })

  expect(status).toBe(0)
  expect(stderr).toContain('sudo pacman -S --needed python base-devel')
})

test('root on Debian is asked nothing', () => {
  const { status, called } = installFor('tests', {
    uid: 0,
    commands: { 'apt-cache': OFFERS_OLD_NAMES, 'apt-get': recorder() },
  })

  expect(status).toBe(0)
  expect(called).toEqual([
    'noninteractive -o DPkg::Lock::Timeout=300 update',
    'noninteractive -o DPkg::Lock::Timeout=300 install -y --no-install-recommends xvfb xauth dbus gnome-keyring libsecret-tools chromium-headless-shell',
  ])
})

test('a package that was renamed for 64-bit time is asked for by its new name', () => {
  const { called } = installFor('tests', { uid: 0, commands: { 'apt-cache': offers('*'), 'apt-get': recorder() } })

  expect(called[1]).toContain('install -y --no-install-recommends xvfbt64 xautht64')
})

test('a package that the system does not offer is left out and named, and the others are installed', () => {
  const commands = { 'apt-cache': offers('xvfb|xauth'), 'apt-get': recorder() }
  const { status, stderr, called } = installFor('tests', { uid: 0, commands })

  expect(status).toBe(0)
  expect(called[1]).toMatch(/install -y --no-install-recommends xvfb xauth$/)
  expect(stderr).toContain('offer no dbus, gnome-keyring, libsecret-tools, chromium-headless-shell;')
})

test('what fails to install stops the set-up with one sentence', () => {
  const { status, stderr } = installFor('tests', { uid: 0, commands: { 'apt-cache': FAIL, 'apt-get': FAIL } })

  expect(status).toBe(1)
  expect(stderr).toContain('System packages could not be installed (xvfb, ')
  expect(stderr).not.toContain('    at ')
})

function recorder(): string {
  return '#!/bin/sh\necho "$DEBIAN_FRONTEND $@" >> "$CALLS"\n'
}

/** Runs the real script with commands of our choice as the only ones on the path. */
function installFor(group: string, { uid, commands }: { uid: number; commands: Record<string, string> }) {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-system-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'bin')
  mkdirSync(path)
  for (const [name, text] of Object.entries(commands)) writeFileSync(join(path, name), text, { mode: 0o755 })
  const calls = join(folder, 'calls')

  const program = `
    process.getuid = () => ${uid}
    const { installSystemPackages } = await import(${JSON.stringify(script)})
    const { fail } = await import(${JSON.stringify(resolve(script, '../progress.mjs'))})
    await installSystemPackages([${JSON.stringify(group)}]).catch(fail)`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { PATH: path, CALLS: calls },
  })
  const called = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []
  return { status, stderr, called }
}
