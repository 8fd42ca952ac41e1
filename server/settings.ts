import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse as parseDotenv } from 'dotenv'
import { SETTING_NAMES } from './config'
import { EXIT, StartError } from './start-error'

const PASSWORDS = new Set(['DB_PASSWORD', 'SMTP_PASSWORD'])

type Source = Record<string, string | undefined>

/**
 * The settings a person made: from the environment, else from the first `.env` file that has them.
 * An empty value counts as not set. A path in a file starts at the folder of that file.
 *
 * @throws {StartError} when a `.env` file is there but cannot be read
 */
export function readSettings(environment: NodeJS.ProcessEnv, dotenvFiles: string[]): Record<string, string> {
  const sources = [environment, ...dotenvFiles.map(readDotenv)]
  const settings: Record<string, string> = {}
  for (const name of SETTING_NAMES) {
    // Spaces around a password may be part of it.
    const read = (text?: string) => (PASSWORDS.has(name) ? text : text?.trim())
    const value = sources.map((source) => read(source[name])).find((candidate) => candidate)
    if (value) settings[name] = value
  }
  return settings
}

function readDotenv(file: string): Source {
  const source: Source = parseDotenv(readText(file))
  const storage = source.DB_STORAGE?.trim()
  return storage && storage !== ':memory:' ? { ...source, DB_STORAGE: resolve(dirname(file), storage) } : source
}

function readText(file: string): string {
  let content: Buffer
  try {
    content = readFileSync(file)
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return ''
    throw new StartError(
      EXIT.config,
      `The settings file ${file} cannot be read: check that it is a text file you may read.`,
      { cause },
    )
  }
  // UTF-16, as Windows PowerShell writes it: every setting in it would be overlooked.
  if (content.includes(0))
    throw new StartError(EXIT.config, `The settings file ${file} is not in UTF-8: save it again with that encoding.`)
  return content.toString()
}
