import { spawn } from 'node:child_process'

const QUIET_FOR = 15_000

/**
 * Says what is being done, that it is still being done, and how long it took.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const start = Date.now()
  const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`
  console.log(`… ${title}`)
  const reminder = setInterval(() => console.log(`  ${title}: still at it after ${seconds()}`), QUIET_FOR)
  try {
    const result = await work()
    console.log(`✓ ${title} (${seconds()})`)
    return result
  } catch (error) {
    console.log(`✗ ${title} (${seconds()})`)
    throw error
  } finally {
    clearInterval(reminder)
  }
}

/** A set-up fault in one plain sentence that says what to do; shown without a stack. */
export class SetupError extends Error {}

/**
 * Runs a command and keeps its output to itself unless it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, shell?: boolean }} [options]
 * @returns {Promise<string>} what it wrote to stdout
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(output)
      const ending = signal ? `was stopped by ${signal}` : `ended with code ${code}`
      reject(new Error(`"${[command, ...args].join(' ')}" ${ending}.\n${lastLines(`${output}\n${errors}`)}`))
    })
  })
}

/** @param {string} text */
function lastLines(text) {
  return text.trim().split('\n').slice(-25).join('\n')
}

/**
 * Ends a script: one sentence for a fault of the set-up, everything for a fault of ours.
 *
 * @param {unknown} error
 */
export function fail(error) {
  console.error(error instanceof SetupError ? `\n${error.message}` : error)
  process.exitCode = 1
}
