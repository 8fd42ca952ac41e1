import { CommandError, EXIT } from './exit-codes'
import type { Output } from './terminal'

/** The part of a stream that a secret is read from. */
export interface Input extends AsyncIterable<string | Buffer> {
  isTTY?: boolean
  setEncoding(encoding: 'utf8'): unknown
  setRawMode?(isRaw: boolean): unknown
  on(event: 'data', listener: (typed: string) => void): unknown
  off(event: 'data', listener: (typed: string) => void): unknown
  resume(): unknown
  pause(): unknown
}

const MOST_BYTES = 16_384
const [INTERRUPT, END, BACKSPACE, DELETE] = ['\u0003', '\u0004', '\b', '\u007f']

const NO_TERMINAL = 'There is no terminal to ask on: give the password on standard input, with --stdin.'

/** Asks for a new password twice, and shows nothing of it. @throws {CommandError} */
export async function askForNewPassword(stdin: Input, stderr: Output): Promise<string> {
  if (!stdin.isTTY || !stdin.setRawMode) throw new CommandError(EXIT.usage, NO_TERMINAL)
  // Before the first question until after the last answer: what is typed early must not show either.
  stdin.setRawMode(true)
  const keyboard = listen(stdin)
  try {
    const first = await ask(keyboard, stderr, 'New password: ')
    const second = await ask(keyboard, stderr, 'The same again: ')
    if (first !== second) throw new CommandError(EXIT.data, 'The two passwords differ: nothing was changed.')
    return first
  } finally {
    keyboard.close()
    stdin.setRawMode(false)
  }
}

/** The one line that standard input holds. @throws {CommandError} there is more, or nothing */
export async function readPassword(stdin: Input): Promise<string> {
  let text = ''
  stdin.setEncoding('utf8')
  for await (const chunk of stdin) {
    text += chunk
    if (text.length > MOST_BYTES) break
  }
  const line = text.replace(/\r?\n$/, '')
  if (line === '' || /[\r\n]/.test(line))
    throw new CommandError(EXIT.data, 'Standard input must hold the password alone, on one line.')
  return line
}

interface Keyboard {
  next(): Promise<string>
  close(): void
}

function listen(stdin: Input): Keyboard {
  let typed: string[] = []
  let wake: () => void = () => undefined
  const hear = (chunk: string) => {
    typed.push(...chunk)
    wake()
  }
  stdin.setEncoding('utf8')
  stdin.on('data', hear)
  stdin.resume()
  return {
    async next() {
      while (typed.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const [character = '', ...others] = typed
      typed = others
      return character
    },
    close() {
      stdin.off('data', hear)
      stdin.pause()
    },
  }
}

async function ask(keyboard: Keyboard, stderr: Output, question: string): Promise<string> {
  stderr.write(question)
  const line: string[] = []
  for (;;) {
    const character = await keyboard.next()
    if (character === INTERRUPT || character === END) {
      stderr.write('\n')
      throw new CommandError(EXIT.interrupted, 'Nothing was changed.')
    }
    if (character === '\r' || character === '\n') {
      stderr.write('\n')
      return line.join('')
    }
    if (character === BACKSPACE || character === DELETE) line.pop()
    else line.push(character)
  }
}
