import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { expect, test } from 'vitest'
import { PACKED } from './packed-app'

const root = resolve(import.meta.dirname, '../..')
const archive = join(PACKED, 'resources', 'app.asar')
const files = listPackage(archive, { isPack: false }).map((file) => file.slice(1))

test('the archive holds the bundles and the native modules, and no other package', () => {
  const packages = new Set(files.flatMap((file) => /^node_modules\/([^/]+)/.exec(file)?.[1] ?? []))
  const folders = new Set(files.flatMap((file) => /^dist\/([^/]+)/.exec(file)?.[1] ?? []))
  const top = new Set(files.map((file) => file.split('/')[0]))

  expect([...packages].sort()).toEqual([
    'bcrypt',
    'bindings',
    'file-uri-to-path',
    'keytar',
    'node-gyp-build',
    'sqlite3',
  ])
  expect([...folders].sort()).toEqual(['cli', 'later', 'main', 'renderer', 'server'])
  expect([...top].sort()).toEqual(['dist', 'node_modules', 'package.json'])
})

test('the archive holds nothing that only development needs', () => {
  const needless = /\.(map|ts|tsx|c|cc|h|gyp|gypi|mk|o|a|md)$|\/obj\.target\/|^dist\/(bench\/|main\/serve\.)/

  expect(files.filter((file) => needless.test(file))).toEqual([])
})

test('of the native binaries there are those for this system alone', () => {
  const unpacked = readdirSync(`${archive}.unpacked`, { recursive: true, encoding: 'utf8' })
  const binaries = unpacked.filter((file) => file.endsWith('.node')).map((file) => file.replace('node_modules/', ''))

  expect(binaries.sort()).toEqual([
    `bcrypt/prebuilds/linux-${process.arch}/bcrypt.glibc.node`,
    `bcrypt/prebuilds/linux-${process.arch}/bcrypt.musl.node`,
    'keytar/build/Release/keytar.node',
    'sqlite3/build/Release/node_sqlite3.node',
  ])
  expect(files.filter((file) => file.endsWith('.node'))).toHaveLength(binaries.length)
})

test('beside the archive there is the runtime, without what it brings for development or from elsewhere', () => {
  expect(readdirSync(join(PACKED, 'resources')).sort()).toEqual([
    'THIRD-PARTY-NOTICES.txt',
    'app.asar',
    'app.asar.unpacked',
    'clients',
  ])
  expect(existsSync(join(PACKED, 'version'))).toBe(false)
  expect(readdirSync(PACKED).filter((file) => file.startsWith('@'))).toEqual([])
})

test('the Python client lies where a script can import it, and the command is in the archive', () => {
  const client = readFileSync(join(PACKED, 'resources', 'clients', 'python', 'aurelius.py'), 'utf8')

  expect(client).toBe(readFileSync(join(root, 'clients', 'python', 'aurelius.py'), 'utf8'))
  expect(readdirSync(join(PACKED, 'resources', 'clients'), { recursive: true }).length).toBe(2)
  expect(files).toContain('dist/cli/aurelius.cjs')
})

test('the licences of everything that came from elsewhere are there to be read', () => {
  const notices = readFileSync(join(PACKED, 'resources', 'THIRD-PARTY-NOTICES.txt'), 'utf8')

  // One of main, the server, the dashboard, the native modules, a font, and one that only another package needs.
  for (const name of ['zod', 'sequelize', 'react-dom', 'keytar', '@fontsource-variable/inter', 'jwa'])
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, \\S`, 'm'))
  expect(notices).toContain('Permission is hereby granted, free of charge')
  expect(notices, 'only development needs it').not.toMatch(/^(vitest|electron-builder|typescript) /m)
  expect(notices).not.toContain(root)
})

test('no bundle tells where it was built', () => {
  const texts = files.filter((file) => /^dist\/.*\.(cjs|js|css|html)$/.test(file))

  expect(texts).toContain('dist/main/main.cjs')
  expect(texts.filter((file) => extractFile(archive, file).includes(root))).toEqual([])
})
