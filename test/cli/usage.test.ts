import { expect, test } from 'vitest'
import { isCommand } from '../../cli/first-words'
import { version } from '../../package.json'
import { aurelius } from '../support/run-cli'

test('help lists the commands and the options for all of them', async () => {
  const { exitCode, stdout, stderr } = await aurelius(['--help'])

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  for (const word of ['status', '--json', '--data-folder', '--database', '--version']) expect(stdout).toContain(word)
})

test('the version is the one of the package', async () => {
  expect(await aurelius(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
})

test.each<[string, string[], string]>([
  ['an unknown command', ['brew'], "Unknown command 'brew'; see aurelius --help."],
  ['an unknown option', ['status', '--loud'], "Unknown option '--loud'; see aurelius status --help."],
  [
    'an option without its value',
    ['status', '--data-folder'],
    "Option '--data-folder <folder>' argument missing; see aurelius --help.",
  ],
  [
    'a word too many',
    ['status', 'now'],
    "Too many arguments for 'status'. Expected 0 arguments but got 1; see aurelius status --help.",
  ],
  ['an unknown command of a group', ['users', 'frob'], "Unknown command 'frob'; see aurelius users --help."],
  ['nothing', [], 'Say what to do; see aurelius --help.'],
])('%s ends with 64 and a sentence', async (_what, words, sentence) => {
  expect(await aurelius(words)).toEqual({ exitCode: 64, stdout: '', stderr: `${sentence}\n` })
})

test('with --json a failure is JSON on stderr, and stdout stays empty', async () => {
  const { exitCode, stdout, stderr } = await aurelius(['brew', '--json'])

  expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
  expect(JSON.parse(stderr)).toEqual({ error: "Unknown command 'brew'; see aurelius --help.", exit_code: 64 })
})

test.each([
  [['status'], true],
  [['signing-key', 'list'], true],
  [['no-such-command'], true],
  [['--help'], true],
  [['--json', 'status'], true],
  [['--database=a.db', 'users', 'list'], true],
  [[], false],
  [[''], false],
  [['.'], false],
  [['/home/ada/attack.cjs'], false],
  [['attack.cjs'], false],
  [['file:///home/ada/notes.txt'], false],
  [['--remote-debugging-port=0'], false],
  [['--inspect', 'status'], false],
])('the installed program called with %j runs a command: %s', (words, expected) => {
  expect(isCommand(words)).toBe(expected)
})
