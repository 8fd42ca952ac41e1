import { mkdirSync } from 'node:fs'
import type { Writable } from 'node:stream'
import pino, { type DestinationStream, type Logger } from 'pino'
import { createStream } from 'rotating-file-stream'
import type { ServerConfig } from './config'

export type Log = Logger

const BATCH_MS = 10
const BATCH_CHARACTERS = 16_384

const SECRET_FIELDS = [
  'password',
  'current_password',
  'new_password',
  'access_token',
  'authorization',
  'cookie',
  'signingKey',
  'databasePassword',
]

export interface OpenLog {
  log: Log
  close(): Promise<void>
}

/** Opens the structured log: JSON lines to a rotating file in the log folder, else to stdout. */
export function openLog({ log: { level, folder } }: ServerConfig): OpenLog {
  const file = folder === null ? undefined : inBatches(openRotatingFile(folder))
  const destination: DestinationStream = file ?? pino.destination({ dest: 1, sync: false, minLength: 4096 })
  const log = pino(
    {
      level,
      base: null,
      timestamp: isoTimeOnce(),
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
    },
    destination,
  )
  const flushing = setInterval(() => log.flush(), 1_000)
  flushing.unref()
  return {
    log,
    async close() {
      clearInterval(flushing)
      await new Promise<void>((resolve) => (file ? file.end(() => resolve()) : log.flush(() => resolve())))
    },
  }
}

function openRotatingFile(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return createStream('server.log', { path: folder, size: '5M', maxFiles: 5, mode: 0o600 })
}

/** Hands lines to the file by the dozen: each write is a job for the pool of threads that the database works in. */
function inBatches(file: Writable) {
  let lines = ''
  let ended = false
  const handOver = () => {
    if (lines !== '') file.write(lines)
    lines = ''
  }
  return {
    write(line: string) {
      // A request that outlived the stop has nowhere to write to.
      if (ended) return
      if (lines === '') setTimeout(handOver, BATCH_MS)
      lines += line
      if (lines.length >= BATCH_CHARACTERS) handOver()
    },
    end(done: () => void) {
      handOver()
      ended = true
      file.end(done)
    },
  }
}

/** The time as pino wants it, written out once for all lines of a millisecond. */
function isoTimeOnce(): () => string {
  let written = ''
  let at = 0
  return () => {
    const now = Date.now()
    if (now !== at) {
      written = `,"time":"${new Date(now).toISOString()}"`
      at = now
    }
    return written
  }
}

/** What a log may hold of an error: its kind, place and cause, never a statement or the values in it. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  const code = (error as NodeJS.ErrnoException).code
  return { name, code, message, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) }
}
