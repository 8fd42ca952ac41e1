import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

test('with nothing to do it does nothing and says nothing', () => {
  const { status, stdout, stderr } = setUp(['--for=check'])

  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})

test('a Node.js that is too old is named in one sentence', () => {
  const { status, stdout, stderr } = setUp(['--for=start'], '20.18.1')

  expect(status).toBe(1)
  expect(stdout).toBe('')
  expect(stderr.trim()).toBe(
    'Aurelius needs Node.js 20.19 or newer and this is 20.18.1; install a newer one and run the command again.',
  )
})

test('a purpose that does not exist is answered with those that do', () => {
  const { status, stderr } = setUp(['--for=breakfast'])

  expect(status).toBe(1)
  expect(stderr).toContain('"breakfast" is no purpose; choose one of start, dev, serve')
})

test('it needs nothing that npm installs before npm has installed it', () => {
  const reached = new Set(['scripts/setup.mjs'])
  for (const file of reached) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const imported of importsAtLoad(text)) {
      if (imported.startsWith('.')) reached.add(normalize(join(dirname(file), imported)))
      else expect(imported, file).toMatch(/^node:/)
    }
    for (const later of ownImportsLater(text)) reached.add(normalize(join(dirname(file), later)))
  }

  expect(reached).toContain('scripts/electron-runtime.mjs')
})

function setUp(args: string[], nodeVersion = process.versions.node) {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${nodeVersion}' })`
  const preload = `data:text/javascript,${encodeURIComponent(pretend)}`
  return spawnSync(process.execPath, ['--import', preload, 'scripts/setup.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
}

function importsAtLoad(text: string): string[] {
  return [...text.matchAll(/^(?:import|export)\b[^;(]*?\bfrom '([^']+)'/gm)].map(([, name]) => name ?? '')
}

function ownImportsLater(text: string): string[] {
  return [...text.matchAll(/await import\('(\.[^']+)'\)/g)].map(([, name]) => name ?? '')
}
