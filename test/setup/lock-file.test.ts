import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

interface LockedPackage {
  version?: string
  resolved?: string
  link?: boolean
  optionalDependencies?: Record<string, string>
}

const file = resolve(import.meta.dirname, '../../package-lock.json')
const packages: Record<string, LockedPackage> = JSON.parse(readFileSync(file, 'utf8')).packages

test('the lock file names no registry, so that every mirror can serve it', () => {
  const addressed = Object.entries(packages).filter(([, { resolved }]) => resolved?.startsWith('http'))

  expect(addressed).toEqual([])
})

test('the lock file has the packages of every platform, without which npm ci refuses it elsewhere', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
  )

  expect(missing).toEqual([])
})

/** Looks where Node would: in the package's own node_modules, then in each one above. */
function isLocked(path: string, name: string): boolean {
  const parts = path.split('/node_modules/')
  const folders = parts.map(
    (_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/node_modules/`,
  )
  return [...folders, 'node_modules/'].some((folder) => packages[`${folder}${name}`])
}
