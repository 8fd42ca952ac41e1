import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const document = readFileSync(join(root, 'docs/security.md'), 'utf8')
const rows = document.split('\n').filter((line) => /^\| \d+\.\d+\.\d+ \|/.test(line))

/** How many items of levels 1 and 2 each section of ASVS 5.0.0 has; they are the first of their section. */
const SECTIONS: Record<string, number> = {
  ...{ '6.1': 3, '6.2': 12, '6.3': 4, '6.4': 4, '6.5': 5, '6.6': 3, '6.8': 4 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2 },
  ...{ '9.1': 3, '9.2': 4 },
  ...{ '10.1': 2, '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3 },
  ...{ '13.1': 1, '13.2': 5, '13.3': 2, '13.4': 5 },
  ...{ '14.1': 2, '14.2': 4, '14.3': 3 },
}

test('the document on security lists every item of its chapters, each with its state', () => {
  const items = Object.entries(SECTIONS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
  )

  expect(rows.map((row) => row.split(' ')[1]).sort()).toEqual(items.sort())
  for (const row of rows) {
    const [, level, asksFor, state] = row.split(' | ')
    expect(level, row).toMatch(/^[12]$/)
    expect(asksFor, row).not.toBe('')
    expect(state, row).toMatch(/^(met|partly|not met|n\/a)\b/)
  }
})

test('each test that the document on security names is there', () => {
  let file = ''
  let source = ''
  let named = 0
  for (const [, path, name] of document.matchAll(/`([\w/-]+\.test\.ts)`|“([^”]+)”/g)) {
    if (path !== undefined) {
      file = path
      expect(existsSync(join(root, 'test', file)), file).toBe(true)
      source = readFileSync(join(root, 'test', file), 'utf8')
    } else {
      expect(source.includes(`'${name}'`) || source.includes(`"${name}"`), `${file}: ${name}`).toBe(true)
      named += 1
    }
  }
  expect(named).toBeGreaterThan(100)
})

test('each file of the product that the document on security names is there', () => {
  for (const [, path = ''] of document.matchAll(/`((?:server|contracts|renderer|main|docs)\/[\w./-]*\w\.?\w*\/?)`/g))
    expect(existsSync(join(root, path)) || existsSync(join(root, 'test', path)), path).toBe(true)
})
