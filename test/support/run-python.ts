import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const CLIENT_FOLDER = resolve(import.meta.dirname, '../../clients/python')

// A launcher that finds Python by the home folder would not find it in the home of a test.
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()

export interface PythonRun {
  exitCode: number | null
  stdout: string
  stderr: string
}

export interface RunningPython {
  /** What it has printed so far. */
  said(): string
  ended: Promise<PythonRun>
}

/** Starts a script of this system's Python that can import the client. */
export function startPython(script: string, environment: Record<string, string> = {}): RunningPython {
  const child = spawn(PYTHON, ['-B', '-u', '-X', 'dev', '-W', 'error::SyntaxWarning', '-'], {
    env: { PATH: process.env.PATH, PYTHONPATH: CLIENT_FOLDER, HOME: '/nonexistent', ...environment },
    stdio: 'pipe',
  })
  const run: PythonRun = { exitCode: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    run.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    run.stderr += chunk
  })
  child.stdin.end(script)
  const ended = once(child, 'close').then(() => ({ ...run, exitCode: child.exitCode }))
  return { said: () => run.stdout, ended }
}
