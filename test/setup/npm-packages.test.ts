import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

test('without a network the set-up ends with one sentence', () => {
  const { status, stderr } = install('npm error code ENOTFOUND\nnpm error network request to the registry failed')

  expect(status).toBe(1)
  expect(stderr.trim()).toBe(
    'The npm registry does not answer; check the network or proxy, then run the command again.',
  )
})

test('any other fault of npm is shown as npm tells it', () => {
  const { status, stderr } = install('npm error code EINTEGRITY')

  expect(status).toBe(1)
  expect(stderr).toContain('npm error code EINTEGRITY')
})

/** Runs the real script in a project of its own, with an npm that fails in these words. */
function install(words: string) {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-npm-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'bin')
  mkdirSync(path)
  cpSync(resolve(import.meta.dirname, '../../scripts'), join(folder, 'scripts'), { recursive: true })
  writeFileSync(join(folder, 'package-lock.json'), '{ "packages": {} }')
  writeFileSync(join(path, 'npm'), `#!/bin/sh\necho '${words}' >&2\nexit 1\n`, { mode: 0o755 })

  const program = `
    const { installNpmPackages } = await import('./scripts/npm-packages.mjs')
    const { fail } = await import('./scripts/progress.mjs')
    await installNpmPackages().catch(fail)`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${path}:${dirname('/bin/sh')}` },
  })
}
