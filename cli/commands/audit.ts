import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { AuditExportFormat, AuditVerification } from '../../contracts/audit-log'
import {
  type ExportVerification,
  exportLocalLog,
  type LocalAuditOptions,
  verifyExportFile,
  verifyLocalLog,
} from '../../server/local-audit'
import type { CommandContext, WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'

const PLACES = { keychain: 'the keychain', file: 'a sealed file', none: '' }

export function addAuditCommands(program: Command, withContext: WithContext): void {
  const group = program.command('audit').description('the audit log')
  group
    .command('verify')
    .argument('[file]', 'an export in JSON Lines, instead of the database')
    .option('--earlier <file>', 'an earlier export: what it ends with must still be there')
    .description('prove that no entry was altered, removed or moved, or name the first bad one')
    .action(withContext(verify))
  group
    .command('export')
    .argument('[file]', 'where to write it; without it, to the screen')
    .addOption(
      new Option('--format <format>', 'for verifying elsewhere, or for a spreadsheet')
        .choices(['jsonl', 'csv'])
        .default('jsonl'),
    )
    .description('write the whole log')
    .action(withContext(exportLog))
}

async function verify(
  context: CommandContext,
  file: string | undefined,
  { earlier }: { earlier?: string },
): Promise<void> {
  const { terminal } = context
  const options = localOptions(context)
  if (earlier !== undefined && file === undefined)
    throw new CommandError(EXIT.usage, 'Give the later export as well: aurelius audit verify LATER --earlier EARLIER.')
  const verification =
    file === undefined
      ? await verifyLocalLog(options)
      : await verifyExportFile(inFolder(context, file), options, earlier && inFolder(context, earlier))
  terminal.result(verification, linesOf(context, verification))
  if (verification.first_bad) throw new CommandError(EXIT.data, verification.first_bad.message)
}

async function exportLog(
  context: CommandContext,
  file: string | undefined,
  { format }: { format: AuditExportFormat },
): Promise<void> {
  if (file === undefined)
    return exportLocalLog(localOptions(context), format, async (text) => void context.stdout.write(text))
  const path = inFolder(context, file)
  const stream = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  try {
    await once(stream, 'open')
    await exportLocalLog(localOptions(context), format, (text) => written(stream, text))
    stream.end()
    await once(stream, 'close')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new CommandError(
        EXIT.cannotCreate,
        `There is a file ${path} already: choose another name, or move that file away first.`,
        { cause },
      )
    if ((cause as NodeJS.ErrnoException).syscall)
      throw new CommandError(EXIT.cannotCreate, adviceFor(path, cause as NodeJS.ErrnoException), { cause })
    throw cause
  }
  context.terminal.note(`The audit log is in ${path}.`)
}

function adviceFor(path: string, { code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return `The file ${path} cannot be written because its folder is not there: make the folder, or choose another one.`
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO')
    return `The file ${path} cannot be written to its end because the disk is full or failing: delete what there is of it, free some space and export again.`
  return `The file ${path} cannot be written: give yourself write access to its folder, or choose another one.`
}

function written(stream: WriteStream, text: string): Promise<void> {
  return new Promise((done, failed) => stream.write(text, (error) => (error ? failed(error) : done())))
}

function linesOf({ terminal }: CommandContext, found: AuditVerification | ExportVerification): string[] {
  const { bold, good } = terminal.style
  const elsewhere = found.unchecked_seals.reduce((sum, { entries }) => sum + entries, 0)
  return [
    found.is_intact ? `${bold(countOf(found.entries))} ${good('intact.')}` : `${countOf(found.entries)} checked.`,
    ...(elsewhere === 0
      ? []
      : [`The seals of ${countOf(elsewhere)} were made with a key that is not here; their hashes were checked.`]),
    ...('mirror' in found ? [mirrorLine(found.mirror)] : partLine(found)),
    `Head: entry ${found.head.seq}, ${found.head.hash}`,
  ]
}

function mirrorLine({ place, seq }: AuditVerification['mirror']): string {
  if (seq === null) return 'Nothing outside the database remembers where the log ends: newest entries could be missing.'
  return `Held against ${PLACES[place]}, which remembers up to entry ${seq}.`
}

const partLine = ({ is_complete: isComplete }: ExportVerification) =>
  isComplete ? [] : ['The export is a part of the log: an entry that is missing does not show.']

const countOf = (entries: number) => `${entries} ${entries === 1 ? 'entry' : 'entries'}`
const inFolder = ({ workingFolder }: CommandContext, file: string) => resolve(workingFolder, file)

function localOptions(context: CommandContext): LocalAuditOptions {
  return { ...context, onNoKeys: (reason) => context.terminal.note(`Seals cannot be checked. ${reason}`) }
}
