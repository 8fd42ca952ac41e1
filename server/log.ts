import pino, { type Logger } from 'pino'
import type { ServerConfig } from './config'
import { type LogDestination, openLogFile, openStdout } from './log-destination'

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

/** What is logged of a request. Nothing in it is what somebody typed. */
export interface RequestLine {
  level: 'info' | 'debug'
  request_id: string
  method: string
  route: string
  status: number
  duration_ms: number
}
export type RequestLines = (line: RequestLine) => void

export interface OpenLog {
  log: Log
  requests: RequestLines
  close(): Promise<void>
}

/** Opens the structured log: JSON lines to a rotating file in the log folder, else to stdout. */
export function openLog({ log: { level, folder } }: ServerConfig): OpenLog {
  const destination = folder === null ? openStdout() : openLogFile(folder)
  const timestamp = isoTimeOnce()
  const log = pino(
    {
      level,
      base: null,
      timestamp,
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
    requests: requestLines(destination, timestamp, (level) => log.isLevelEnabled(level)),
    async close() {
      clearInterval(flushing)
      await destination.end()
    },
  }
}

/** Lines as pino would write them, put together by hand: there is one for each request, and no secret to look for. */
function requestLines(
  destination: LogDestination,
  timestamp: () => string,
  isEnabled: (level: string) => boolean,
): RequestLines {
  const enabled = { info: isEnabled('info'), debug: isEnabled('debug') }
  return ({ level, request_id: id, method, route, status, duration_ms: duration }) => {
    if (!enabled[level]) return
    destination.write(
      `{"level":"${level}"${timestamp()},"request_id":"${id}","method":"${method}","route":${JSON.stringify(route)},"status":${status},"duration_ms":${duration}}\n`,
    )
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
