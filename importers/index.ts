import { detectFormat } from './detect'
import { UnreadableFile } from './faults'
import { readFreqtrade } from './freqtrade'
import { readLean } from './lean'
import { planTable, readTableFile } from './read-table'
import { rolesOf } from './roles'
import { readTable } from './table'
import type { FormatId, ImportPreview, ImportResult, ImportSettings } from './types'

export { type Detection, detectFormat } from './detect'
export { UnreadableFile } from './faults'
export { FORMATS, type Format } from './formats'
export { rolesOf } from './roles'
export { DATE_EXAMPLES } from './times'
export * from './types'

const PREVIEW_ROWS = 20
const NO_FORMAT =
  'This is no file of a format that is read here: a CSV with a heading, or a result of Freqtrade or LEAN as JSON. Unpack a .zip first.'

/**
 * What a file is and how it would be read, from its beginning: for a page that lets people correct it. A document of JSON
 * shows no rows; it is read whole at once.
 *
 * @param head some tens of KiB; a line that is cut off at its end is left out
 * @throws {UnreadableFile}
 */
export function previewImport(name: string, head: string, settings: ImportSettings = {}): ImportPreview {
  const { format } = told(name, head, settings)
  const run = {
    format,
    holds: 'run' as const,
    columns: [],
    rows: [],
    roles: [],
    mapping: {},
    dateFormat: null,
    missing: [],
  }
  if (isDocument(format)) return run
  const lastLine = head.lastIndexOf('\n')
  const table = readTable(lastLine > 0 ? head.slice(0, lastLine + 1) : head)
  const plan = planTable(table, settings)
  return { ...plan, columns: table.columns, rows: table.rows.slice(0, PREVIEW_ROWS), roles: rolesOf(plan.holds) }
}

/**
 * Reads a file into points and trades as the API takes them. Faults name their lines; where there is one, nothing is to be
 * sent.
 *
 * @param text the whole file
 * @throws {UnreadableFile} it is nothing of what is read here, or something has to be stated first
 */
export function readImport(name: string, text: string, settings: ImportSettings = {}): ImportResult {
  const { format } = told(name, text.slice(0, 65_536), settings)
  if (format === 'freqtrade') return readFreqtrade(text, settings)
  return format === 'lean' ? readLean(text) : readTableFile(text, settings)
}

const isDocument = (format: FormatId) => format === 'freqtrade' || format === 'lean'

function told(name: string, head: string, { format }: ImportSettings): { format: FormatId } {
  if (format !== undefined) return { format }
  const detection = detectFormat(name, head)
  if (!detection) throw new UnreadableFile(NO_FORMAT)
  return detection
}
