import { mkdirSync } from 'node:fs'
import type { Writable } from 'node:stream'
import pino from 'pino'
import { createStream } from 'rotating-file-stream'

const MAX_WAITING = 16 * 1024 * 1024 // characters that wait for a slow disk or reader; what comes then is dropped
const REOPEN_AFTER_MS = 30_000
const END_LIMIT_MS = 2_000
const BATCH_MS = 25
const BATCH_CHARACTERS = 65_536

/** Where the lines of the log go. Nothing that happens to it stops the server: lines that cannot be written are lost. */
export interface LogDestination {
  write(line: string): void
  flush?(): void
  /** Resolves when all lines are written, or cannot be within 2 seconds. */
  end(): Promise<void>
}

/** The rotating file `server.log`, opened again from time to time when it cannot be written. */
export function openLogFile(folder: string): LogDestination {
  const complain = sayOnce((reason) => `The log cannot be written to ${folder} (${reason}): lines of it are lost.`)
  let file: Writable | undefined
  let reopening: NodeJS.Timeout | undefined
  let ended = false

  function open(): void {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const opened = createStream('server.log', { path: folder, size: '5M', maxFiles: 5, mode: 0o600 })
      opened.on('error', giveUp)
      file = opened
    } catch (error) {
      giveUp(error)
    }
  }

  function giveUp(error: unknown): void {
    complain(error)
    file = undefined
    if (ended) return
    reopening = setTimeout(open, REOPEN_AFTER_MS)
    reopening.unref()
  }

  open()
  return inBatches({
    write(lines) {
      if (file && file.writableLength < MAX_WAITING) file.write(lines)
    },
    end() {
      ended = true
      clearTimeout(reopening)
      return inTime((done) => (file ? file.end(done) : done()))
    },
  })
}

export function openStdout(): LogDestination {
  const complain = sayOnce((reason) => `The log cannot be written to stdout (${reason}): lines of it are lost.`)
  const stdout = pino.destination({ dest: 1, sync: false, minLength: 4096, maxLength: MAX_WAITING })
  stdout.on('error', complain)
  let ended = false
  return {
    write(line) {
      if (!ended) stdout.write(line)
    },
    flush() {
      if (!ended) stdout.flush()
    },
    async end() {
      await inTime((done) => stdout.flush(done))
      ended = true
      // Else it would write what is left when the process exits, and wait for it.
      stdout.destroy()
    },
  }
}

/** Hands lines to the file by the dozen: each write is a job for the pool of threads that the database works in. */
function inBatches(file: LogDestination): LogDestination {
  let lines = ''
  let ended = false
  const handOver = () => {
    if (lines !== '') file.write(lines)
    lines = ''
  }
  return {
    write(line) {
      // A request that outlived the stop has nowhere to write to.
      if (ended) return
      if (lines === '') setTimeout(handOver, BATCH_MS)
      lines += line
      if (lines.length >= BATCH_CHARACTERS) handOver()
    },
    end() {
      handOver()
      ended = true
      return file.end()
    },
  }
}

function sayOnce(sentence: (reason: string) => string): (error: unknown) => void {
  let said = false
  return (error) => {
    const { code, message } = error as NodeJS.ErrnoException
    if (!said) console.error(sentence(code ?? message))
    said = true
  }
}

function inTime(work: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, END_LIMIT_MS)
    work(() => {
      clearTimeout(limit)
      resolve()
    })
  })
}
