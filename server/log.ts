import pino, { type Logger } from 'pino'
import type { ServerConfig } from './config'
import { openLogFile, openStdout } from './log-destination'

export type Log = Logger

const SECRET_FIELDS = [
  'password',
  'current_password',
  'new_password',
  'access_token',
  'secret',
  'authorization',
  'cookie',
  'signingKeys',
  'dataKey',
  'databasePassword',
  'mailPassword',
]

export interface OpenLog {
  log: Log
  close(): Promise<void>
}

/** Opens the structured log: JSON lines to a rotating file in the log folder, else to stdout. */
export function openLog({ log: { level, folder } }: ServerConfig): OpenLog {
  const destination = folder === null ? openStdout() : openLogFile(folder)
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
  const flushing = setInterval(() => destination.flush?.(), 1_000)
  flushing.unref()
  return {
    log,
    async close() {
      clearInterval(flushing)
      await destination.end()
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
