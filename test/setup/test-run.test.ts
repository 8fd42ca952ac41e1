import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { matchesGlob, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { closingLine } from '../../scripts/closing-line-reporter.mjs'
import config from '../../vitest.config'

const root = resolve(import.meta.dirname, '../..')

test.each([
  [{ passed: 12, failed: 0, skipped: 0 }, 'passed', '12 passed, 0 failed'],
  [{ passed: 12, failed: 2, skipped: 0 }, 'failed', '12 passed, 2 failed'],
  [{ passed: 12, failed: 0, skipped: 3 }, 'passed', '12 passed, 0 failed, 3 skipped'],
  [{ passed: 12, failed: 0, skipped: 0 }, 'failed', '12 passed, 1 failed'],
  [{ passed: 0, failed: 0, skipped: 0 }, 'interrupted', '0 passed, 1 failed'],
] as const)('%o of a run that has %s are told as "%3$s"', (count, reason, line) => {
  expect(closingLine(count, reason)).toBe(line)
})

test('every test file belongs to a project, or it would never run', () => {
  const patterns = (config.test?.projects ?? []).flatMap((project) =>
    typeof project === 'object' && 'test' in project ? (project.test?.include ?? []) : [],
  )
  const files = readdirSync(resolve(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.test\.tsx?$/.test(file))
    .map((file) => `test/${file}`)

  expect(patterns).not.toEqual([])
  expect(files.filter((file) => !patterns.some((pattern) => matchesGlob(file, pattern)))).toEqual([])
})

test.each([
  ['passed', 0, '0 passed, 0 failed'],
  ['failed', 1, '0 passed, 1 failed'],
  ['interrupted', 1, '0 passed, 1 failed'],
])('a run that %s ends with code %i, whatever a library makes of its end', (reason, code, line) => {
  const reporter = resolve(import.meta.dirname, '../../scripts/closing-line-reporter.mjs')
  const run = `
    const { default: Reporter } = await import(${JSON.stringify(reporter)})
    new Reporter().onTestRunEnd([], [], ${JSON.stringify(reason)})
    process.exit(0)`

  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', run], { encoding: 'utf8' })

  expect({ status, stdout }).toEqual({ status: code, stdout: `${line}\n` })
})
