import { CommandError, EXIT } from './exit-codes'
import type { Input } from './secret-input'
import type { Output } from './terminal'

export interface Questions {
  /** What somebody typed; it shows while they type. */
  ask(question: string): Promise<string>
  /** The same, and nothing of it shows. */
  askUnseen(question: string): Promise<string>
}

const [INTERRUPT, END, BACKSPACE, DELETE] = ['\u0003', '\u0004', '\b', '\u007f']
const MOST_CHARACTERS = 16_384

/** Asks on the terminal; without one, each answer is a line of standard input. */
export function openQuestions(stdin: Input, stderr: Output): Questions {
  if (stdin.isTTY && stdin.setRawMode) {
    return {
      ask: (question) => askOnTerminal(stdin, stderr, question, true),
      askUnseen: (question) => askOnTerminal(stdin, stderr, question, false),
    }
  }
  const nextLine = linesOf(stdin)
  return { ask: nextLine, askUnseen: nextLine }
}

function linesOf(stdin: Input): () => Promise<string> {
  let lines: Promise<string[]> | undefined
  const readAll = async () => {
    stdin.setEncoding('utf8')
    let text = ''
    for await (const chunk of stdin) {
      text += chunk
      if (text.length > MOST_CHARACTERS) break
    }
    return text.split(/\r?\n/)
  }
  return async () => {
    lines ??= readAll()
    const line = (await lines).shift()
    if (!line) throw nobodyToAsk()
    return line
  }
}

function askOnTerminal(stdin: Input, stderr: Output, question: string, shows: boolean): Promise<string> {
  stderr.write(question)
  stdin.setEncoding('utf8')
  stdin.setRawMode?.(true)
  stdin.resume()
  let typed: string[] = []
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      stdin.off('data', hear)
      stdin.setRawMode?.(false)
      stdin.pause()
      stderr.write('\n')
      settle()
    }
    const hear = (chunk: string) => {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') return done(() => resolve(typed.join('')))
        if (character === INTERRUPT || character === END) return done(() => reject(givenUp()))
        if (character === BACKSPACE || character === DELETE) {
          if (shows && typed.length > 0) stderr.write('\b \b')
          typed = typed.slice(0, -1)
        } else if (character >= ' ') {
          typed.push(character)
          if (shows) stderr.write(character)
        }
      }
    }
    stdin.on('data', hear)
  })
}

const givenUp = () => new CommandError(EXIT.interrupted, 'Nothing was done.')

const nobodyToAsk = () =>
  new CommandError(
    EXIT.usage,
    'There is nobody to ask: run this in a terminal, or give the answers on standard input, a line each.',
  )
