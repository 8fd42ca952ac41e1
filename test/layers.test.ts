import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')

const ALLOWED = [
  ['contracts/sample.ts', 'zod'],
  ['contracts/sample.ts', './auth'],
  ['importers/sample.ts', './table'],
  ['migrations/sample.ts', 'sequelize'],
  ['migrations/sample.ts', './migration'],
  ['main/sample.ts', 'electron'],
  ['main/sample.ts', 'keytar'],
  ['main/sample.ts', '../contracts/ipc'],
  ['main/sample.ts', '../server/index'],
  ['main/sample.ts', '../server/headless'],
  ['main/sample.ts', '../server/pages'],
  ['main/sample.ts', '../cli/index'],
  ['cli/sample.ts', 'commander'],
  ['cli/sample.ts', '../importers/index'],
  ['cli/sample.ts', '../contracts/auth'],
  ['cli/sample.ts', '../server/start-error'],
  ['cli/commands/sample.ts', '../../server/local'],
  ['cli/commands/sample.ts', '../../server/evidence'],
  ['cli/commands/sample.ts', '../context'],
  ['server/auth/sample.ts', '../db/connect'],
  ['server/auth/sample.ts', '../../contracts/auth'],
  ['server/db/sample.ts', '../../migrations'],
  ['server/sample.ts', 'node:fs'],
  ['server/quant/sample.ts', './metrics'],
  ['server/quant/sample.ts', 'simple-statistics'],
  ['server/quant/sample.ts', '@stdlib/stats-base-dists-normal-cdf'],
  ['renderer/home/sample.tsx', '../../contracts/auth'],
  ['renderer/home/sample.tsx', 'react'],
  ['renderer/home/sample.tsx', '../../importers/index'],
  ['renderer/home/sample.tsx', '../ui/problem'],
] as const

const FORBIDDEN = [
  ['contracts/sample.ts', 'koa'],
  ['contracts/sample.ts', 'node:fs'],
  ['contracts/sample.ts', '../server/app'],
  ['importers/sample.ts', 'node:fs'],
  ['importers/sample.ts', 'zod'],
  ['importers/sample.ts', '../contracts/backtests'],
  ['migrations/sample.ts', '../server/models'],
  ['migrations/sample.ts', 'node:fs'],
  ['main/sample.ts', '../server/app'],
  ['main/sample.ts', '../server/auth/accounts'],
  ['main/sample.ts', '../renderer/api'],
  ['main/sample.ts', 'sequelize'],
  ['main/sample.ts', 'commander'],
  ['cli/sample.ts', 'keytar'],
  ['cli/sample.ts', 'sequelize'],
  ['cli/sample.ts', '../main/keychain'],
  ['cli/commands/sample.ts', '../../server/auth/accounts'],
  ['cli/commands/sample.ts', '../../server/db/connect'],
  ['cli/commands/sample.ts', '../../renderer/api'],
  ['server/sample.ts', '../cli/index'],
  ['server/sample.ts', 'electron'],
  ['server/sample.ts', 'keytar'],
  ['server/sample.ts', '../main/keychain'],
  ['server/auth/sample.ts', '../../main/keychain'],
  ['server/auth/sample.ts', '../../renderer/api'],
  ['server/quant/sample.ts', '../errors'],
  ['server/quant/sample.ts', 'sequelize'],
  ['server/quant/sample.ts', 'node:fs'],
  ['server/quant/sample.ts', '../../contracts/metrics'],
  ['renderer/home/sample.tsx', 'node:fs'],
  ['renderer/home/sample.tsx', 'electron'],
  ['renderer/home/sample.tsx', '../../server/errors'],
  ['renderer/home/sample.tsx', '../../main/keychain'],
  ['renderer/sample.ts', '../server/errors'],
] as const

test('each folder imports what the architecture lets it import, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-layers-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const settings = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...settings, $schema: undefined, vcs: undefined }))
  const write = (kind: string, cases: typeof ALLOWED | typeof FORBIDDEN) =>
    cases.map(([file, specifier], index) => {
      const path = file.replace('sample', `${kind}-${index}`)
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), `export { thing } from '${specifier}'\n`)
      return path
    })
  const allowed = write('allowed', ALLOWED)
  const forbidden = write('forbidden', FORBIDDEN)

  const run = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=none'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: { category: string; location: { path: unknown } }[] }
  const refused = new Set(
    diagnostics
      .filter(({ category }) => category === 'lint/style/noRestrictedImports')
      .map(({ location }) => pathOf(location.path)),
  )

  expect([...refused].sort()).toEqual([...forbidden].sort())
  expect(allowed.filter((path) => refused.has(path))).toEqual([])
})

function pathOf(path: unknown): string {
  return typeof path === 'string' ? path : (path as { file: string }).file
}
