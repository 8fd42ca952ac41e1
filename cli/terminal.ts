/** The part of a stream that a command writes to. */
export interface Output {
  isTTY?: boolean
  write(text: string): unknown
}

type Style = (text: string) => string

export interface Terminal {
  /** Shows what a command found or did: as one JSON document where that was asked for, else as lines for people. */
  result(data: unknown, lines: string[]): void
  /** Shows a sentence beside the result, on stderr. */
  note(sentence: string): void
  fail(sentence: string, exitCode: number): void
  /** Lines of columns that line up; text from the database cannot steer the terminal. */
  table(headings: string[], rows: string[][]): string[]
  style: Record<'bold' | 'dim' | 'good' | 'bad', Style>
}

// Control characters, and those that turn the direction of text.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

export function openTerminal(stdout: Output, stderr: Output, json: boolean, environment: NodeJS.ProcessEnv): Terminal {
  const isPlain = stdout.isTTY !== true || Boolean(environment.NO_COLOR) || environment.TERM === 'dumb'
  const colour = (code: number): Style => (isPlain ? (text) => text : (text) => `\u001b[${code}m${text}\u001b[0m`)
  const style = { bold: colour(1), dim: colour(2), good: colour(32), bad: colour(31) }
  return {
    style,
    result: (data, lines) =>
      stdout.write(json ? `${JSON.stringify(data)}\n` : lines.map((line) => `${line}\n`).join('')),
    note: (sentence) => stderr.write(`${sentence}\n`),
    // It may hold what was typed. Faulty settings follow a line each.
    fail(sentence, exitCode) {
      const lines = sentence.split('\n').map(printable).join('\n')
      stderr.write(json ? `${JSON.stringify({ error: sentence, exit_code: exitCode })}\n` : `${lines}\n`)
    },
    table(headings, rows) {
      const cells = rows.map((row) => row.map(printable))
      const widths = headings.map((heading, at) =>
        Math.max(heading.length, ...cells.map((row) => (row[at] ?? '').length)),
      )
      const line = (row: string[]) =>
        row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()
      return [style.bold(line(headings)), ...cells.map(line)]
    },
  }
}

/** Text without what a terminal would take for a command. */
export function printable(text: string): string {
  return text.replace(UNSAFE, '\ufffd')
}

/** An instant as people read it, at the clock of this machine; a dash where there is none. */
export function moment(instant: string | null | undefined): string {
  if (!instant) return '–'
  const at = new Date(instant)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`
}
