import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Command } from 'commander'
import { endpoints } from '../../contracts/endpoints'
import type { EvidenceReport } from '../../contracts/evidence'
import { verifyEvidence } from '../../server/evidence'
import { getStrategy, type KeyOption, openApi, withKey } from '../api'
import type { CommandContext, WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { openReply } from '../http'
import { printable } from '../terminal'

const EXPORT_LIMIT_MS = 30 * 60_000

interface ExportOptions extends KeyOption {
  strategy: string
  output?: string
  force?: boolean
}

export function addEvidenceCommands(program: Command, withContext: WithContext): void {
  const group = program.command('evidence').description("a strategy's evidence as a file that anybody can check")
  withKey(group.command('export'))
    .description('everything recorded about a strategy as one archive with hashes')
    .requiredOption('--strategy <strategy>', 'its name or id')
    .option('--output <file>', 'where to write it, if not beside you under its name')
    .option('--force', 'replace a file of this name')
    .action(withContext(exportEvidence))
  group
    .command('verify')
    .argument('<file>', 'an archive that was exported: .evidence.tar.gz')
    .description('check an archive by itself: no server, no database, no network')
    .action(withContext(verify))
}

async function exportEvidence(context: CommandContext, options: ExportOptions): Promise<void> {
  const api = await openApi(context, options)
  const { id, name } = await getStrategy(api, options.strategy)
  const file = resolve(context.workingFolder, options.output ?? `${fileName(name)}.evidence.tar.gz`)
  if (existsSync(file) && !options.force)
    throw new CommandError(EXIT.cannotCreate, `The file ${file} is there already: --force replaces it.`)
  const call = { token: api.token(), params: { id }, limitMs: EXPORT_LIMIT_MS }
  const reply = await openReply(api.origin(), endpoints.strategyEvidence, call)
  // Under its own name it stands only when it is whole.
  const draft = `${file}.part`
  try {
    await pipeline(Readable.fromWeb(reply.body as ReadableStream), createWriteStream(draft, { mode: 0o600 }))
    const report = await verifyFile(draft)
    if (!report.ok) throw new CommandError(EXIT.unavailable, 'The archive did not arrive whole: try again.')
    renameSync(draft, file)
    const data = { file, bytes: statSync(file).size, manifest_sha256: report.manifest_sha256 }
    context.terminal.result(data, [
      `The evidence of “${printable(name)}” is in ${file}.`,
      `Manifest SHA-256 ${report.manifest_sha256}`,
      'Tell whoever gets the archive this hash, by another way than the archive: it is how they know that it is yours.',
    ])
  } catch (cause) {
    rmSync(draft, { force: true })
    if (cause instanceof CommandError) throw cause
    throw new CommandError(EXIT.cannotCreate, `The archive could not be written to ${file}.`, { cause })
  }
}

const fileName = (name: string) =>
  name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|-+$/g, '')
    .slice(0, 80) || 'strategy'

async function verify(context: CommandContext, file: string): Promise<void> {
  const { terminal, workingFolder } = context
  const report = await verifyFile(resolve(workingFolder, file))
  terminal.result(report, linesOf(context, report))
  if (!report.ok)
    throw new CommandError(EXIT.data, 'The archive is not whole, or its numbers do not follow from its evidence.')
}

async function verifyFile(path: string): Promise<EvidenceReport> {
  const file = createReadStream(path)
  let failure: Error | undefined
  file.once('error', (error) => {
    failure = error
  })
  const report = await verifyEvidence(file)
  if (failure) throw new CommandError(EXIT.noInput, `The file ${path} cannot be read.`, { cause: failure })
  return report
}

const PROVED = 'the archive is whole, and its numbers follow from the evidence in it.'
const NOT_PROVED = 'Who made it, no archive can say by itself: compare this hash with the one that its sender told you.'

function linesOf({ terminal }: CommandContext, report: EvidenceReport): string[] {
  const { bold, dim, good } = terminal.style
  const { files, backtests, validations, gate_results } = report.checked
  return [
    `${bold(printable(report.strategy_name ?? 'Evidence'))}${report.ok ? `: ${good(PROVED)}` : ''}`,
    `${dim('Checked')}  ${files} files, ${backtests} backtests, ${validations} validations, ${gate_results} gate results`,
    ...(report.manifest_sha256 === null ? [] : [`${dim('Manifest SHA-256')} ${report.manifest_sha256}`]),
    ...report.findings.map(({ path, message }) => (path === '' ? message : `${printable(path)}: ${message}`)),
    ...(report.ok ? [NOT_PROVED] : []),
  ]
}
