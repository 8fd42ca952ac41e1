import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

interface Rule {
  folder: string
  /** Own files it may import, as path prefixes; its own folder is always allowed. */
  own: string[]
  /** Packages it may import: a list, or all but those of `not`. Node's modules count as the package `node:`. */
  packages: { only: string[] } | { not: string[] }
}

const DESKTOP_ONLY = ['electron', 'keytar']

// The most specific folder decides. Why each is so: docs/architecture.md.
const RULES: Rule[] = [
  { folder: 'contracts', own: [], packages: { only: ['zod'] } },
  { folder: 'main', own: ['contracts/', 'server/*', 'package.json'], packages: { not: ['react', 'koa', 'sequelize'] } },
  { folder: 'server', own: ['contracts/', 'migrations/'], packages: { not: [...DESKTOP_ONLY, 'react'] } },
  { folder: 'server/quant', own: [], packages: { only: [] } },
  { folder: 'server/models', own: ['contracts/'], packages: { only: ['sequelize', 'node:'] } },
  { folder: 'migrations', own: [], packages: { only: ['sequelize', 'umzug', 'node:'] } },
  { folder: 'renderer', own: ['contracts/'], packages: { not: [...DESKTOP_ONLY, 'node:', 'koa', 'sequelize'] } },
]

for (const rule of RULES.filter(({ folder }) => existsSync(join(root, folder)))) {
  test(`${rule.folder}/ imports only what its layer may`, () => {
    expect(sourcesIn(rule.folder).flatMap(({ file, text }) => faults(file, text))).toEqual([])
  })
}

test('the server reads its environment in config.ts alone', () => {
  const readers = sourcesIn('server').filter(({ text }) => /process\.env\b/.test(text))

  expect(readers.map(({ file }) => file).filter((file) => file !== 'server/config.ts')).toEqual([])
})

test('set-up needs nothing that npm installs before npm has installed it', () => {
  const reached = new Set(['scripts/setup.mjs'])
  for (const file of reached) {
    for (const imported of staticImports(readFileSync(join(root, file), 'utf8'))) {
      if (imported.startsWith('.')) reached.add(normalize(join(dirname(file), imported)))
      else expect(imported, file).toMatch(/^node:/)
    }
    for (const lazy of readFileSync(join(root, file), 'utf8').matchAll(/import\('(\.[^']+)'\)/g)) {
      reached.add(normalize(join(dirname(file), lazy[1] ?? '')))
    }
  }

  expect(reached).toContain('scripts/electron-runtime.mjs')
})

test.each([
  ['renderer/home.tsx', "import { startServer } from '../server/index'"],
  ['renderer/home.tsx', "import { readFileSync } from 'node:fs'"],
  ['renderer/home.tsx', "import { readFileSync } from 'fs'"],
  ['renderer/home.tsx', "import type { Models } from '../server/models'"],
  ['server/app.ts', "const { app } = await import('electron')"],
  ['server/app.ts', "export { theme } from '../renderer/app/theme'"],
  ['server/auth/users.ts', "import keytar from 'keytar'"],
  ['server/quant/sharpe.ts', "import { User } from '../models/user'"],
  ['main/window.ts', "import { defineUser } from '../server/models/user'"],
  ['migrations/0001-first.ts', "import { defineUser } from '../server/models/user'"],
  ['contracts/auth.ts', "import Router from '@koa/router'"],
])('a forbidden import in %s is found: %s', (file, text) => {
  expect(faults(file, text)).toHaveLength(1)
})

function sourcesIn(folder: string): { file: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
}

function faults(file: string, text: string): string[] {
  const rule = RULES.filter(({ folder }) => file.startsWith(`${folder}/`)).sort(bySpecificity)[0]
  if (!rule) return []
  return allImports(text)
    .filter((imported) => !isAllowed(rule, file, imported))
    .map((imported) => `${file} imports ${imported}`)
}

function bySpecificity(a: Rule, b: Rule): number {
  return b.folder.length - a.folder.length
}

function isAllowed(rule: Rule, file: string, imported: string): boolean {
  if (imported.startsWith('.')) {
    const target = normalize(join(dirname(file), imported))
    return [`${rule.folder}/`, ...rule.own].some((allowed) => covers(allowed, target))
  }
  const name = packageOf(imported)
  return 'only' in rule.packages ? rule.packages.only.includes(name) : !rule.packages.not.includes(name)
}

/** `folder/` covers all below it, `folder/*` only what lies right in it, anything else just itself. */
function covers(allowed: string, target: string): boolean {
  if (allowed.endsWith('/*')) return dirname(target) === allowed.slice(0, -2)
  return allowed.endsWith('/')
    ? `${target}/`.startsWith(allowed)
    : target.replace(/\.ts$/, '') === allowed.replace(/\.ts$/, '')
}

function packageOf(imported: string): string {
  if (imported.startsWith('node:') || builtinModules.includes(imported)) return 'node:'
  return imported
    .split('/')
    .slice(0, imported.startsWith('@') ? 2 : 1)
    .join('/')
}

function allImports(text: string): string[] {
  return [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map((match) => match[1] ?? '')
}

function staticImports(text: string): string[] {
  return [...text.matchAll(/^(?:import|export)\b[^;(]*?\bfrom '([^']+)'|^import '([^']+)'/gm)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
}
