import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/**
 * Runs `work` unless it ended well before with the same inputs, and what it made last is still there.
 *
 * @param {string} made the file or folder that `work` makes last, from the project's root
 * @param {string[]} inputs files and folders, from the project's root
 * @param {() => Promise<unknown>} work
 */
export async function whenStale(made, inputs, work) {
  const mark = join(root, 'dist', `.${made.replaceAll('/', '-')}.made-from`)
  const state = fingerprint(inputs)
  if (existsSync(join(root, made)) && existsSync(mark) && readFileSync(mark, 'utf8') === state) return
  await work()
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(mark, state)
}

/**
 * Names, sizes and times tell a change without reading the files.
 *
 * @param {string[]} inputs
 */
function fingerprint(inputs) {
  const hash = createHash('sha256')
  for (const input of inputs) describe(join(root, input), hash)
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @param {import('node:crypto').Hash} hash
 */
function describe(path, hash) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return
  if (stat.isDirectory()) {
    for (const entry of readdirSync(path).sort()) describe(join(path, entry), hash)
  } else if (!path.endsWith('.tsbuildinfo')) {
    hash.update(`${path}:${stat.size}:${stat.mtimeMs}\n`)
  }
}
