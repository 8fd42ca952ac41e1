import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  DATE_FORMATS,
  FORMAT_IDS,
  type ImportResult,
  type ImportSettings,
  type Mapping,
  readImport,
  rolesOf,
  UnreadableFile,
} from '../importers/index'
import { CommandError, EXIT } from './exit-codes'
import { oneOf, pairs } from './options'

export interface FileOptions {
  format?: string
  map?: string[]
  dateFormat?: string
  utcOffset?: string
  instrument?: string
  capital?: string
  take?: string
}

const COLUMNS = (['equity', 'returns', 'trades'] as const).flatMap((holds) => rolesOf(holds).map(({ name }) => name))

/** @throws {CommandError} an option is not valid */
export function importSettings(options: FileOptions): ImportSettings {
  const capital = options.capital === undefined ? undefined : Number(options.capital)
  if (capital !== undefined && !(capital > 0 && Number.isFinite(capital)))
    throw new CommandError(EXIT.usage, '--capital takes an amount above 0.')
  const columns: Mapping = {}
  for (const [name, heading] of pairs(options.map, '--map')) columns[oneOf(COLUMNS, name, '--map')] = heading
  return {
    format: options.format === undefined ? undefined : oneOf(FORMAT_IDS, options.format, '--format'),
    dateFormat: options.dateFormat === undefined ? undefined : oneOf(DATE_FORMATS, options.dateFormat, '--date-format'),
    columns,
    utcOffset: options.utcOffset,
    instrument: options.instrument,
    initialCapital: capital,
    strategy: options.take,
  }
}

/**
 * Reads a file of another program.
 *
 * @throws {CommandError} it is not there, is nothing of what is read, or has rows that are wrong: each with its line
 */
export function readFile(folder: string, name: string, settings: ImportSettings): ImportResult {
  let text: string
  try {
    text = readFileSync(resolve(folder, name), 'utf8')
  } catch (cause) {
    throw new CommandError(EXIT.noInput, `The file ${name} cannot be read.`, { cause })
  }
  try {
    const result = readImport(name, text, settings)
    if (result.faults.length === 0) return result
    const lines = result.faults.map(({ line, message }) => (line === null ? message : `Line ${line}: ${message}`))
    throw new CommandError(EXIT.data, [`Nothing was recorded: ${name} has rows that are wrong.`, ...lines].join('\n'))
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    const where = error.line === null ? name : `${name}, line ${error.line}`
    throw new CommandError(EXIT.data, `${where}: ${error.message}`, { cause: error })
  }
}
