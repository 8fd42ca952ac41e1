import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

test('what was made is made again when an input changes, comes, goes, or the result is gone', async () => {
  const { folder, make } = await project()
  expect(await make()).toBe(true)
  expect(await make()).toBe(false)

  writeFileSync(join(folder, 'source/a.ts'), 'changed')
  expect(await make()).toBe(true)
  writeFileSync(join(folder, 'source/b.ts'), 'new')
  expect(await make()).toBe(true)
  rmSync(join(folder, 'source/b.ts'))
  expect(await make()).toBe(true)
  rmSync(join(folder, 'dist/made'))
  expect(await make()).toBe(true)
  expect(await make()).toBe(false)
})

test('what failed is tried again', async () => {
  const { folder, whenStale, make } = await project()

  await expect(whenStale('dist/made', ['source'], () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')

  expect(existsSync(join(folder, 'dist/made'))).toBe(false)
  expect(await make()).toBe(true)
})

/** A project of its own for the script, which takes the folder above it for the project's root. */
async function project() {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-stale-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['scripts', 'source', 'dist']) mkdirSync(join(folder, name))
  copyFileSync(resolve(import.meta.dirname, '../../scripts/stale.mjs'), join(folder, 'scripts/stale.mjs'))
  writeFileSync(join(folder, 'source/a.ts'), 'first')
  const { whenStale }: typeof import('../../scripts/stale.mjs') = await import(join(folder, 'scripts/stale.mjs'))

  async function make(): Promise<boolean> {
    let made = false
    await whenStale('dist/made', ['source'], async () => {
      made = true
      writeFileSync(join(folder, 'dist/made'), '')
    })
    return made
  }
  return { folder, whenStale, make }
}
