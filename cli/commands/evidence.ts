import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { EvidenceReport } from '../../contracts/evidence'
import { verifyEvidence } from '../../server/evidence'
import type { CommandContext, WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { printable } from '../terminal'

export function addEvidenceCommands(program: Command, withContext: WithContext): void {
  program
    .command('evidence')
    .description("a strategy's evidence as a file")
    .command('verify')
    .argument('<file>', 'an archive that was exported: .evidence.tar.gz')
    .description('check an archive by itself: no server, no database, no network')
    .action(withContext(verify))
}

async function verify(context: CommandContext, file: string): Promise<void> {
  const { terminal, workingFolder } = context
  const report = await verifyFile(resolve(workingFolder, file))
  terminal.result(report, linesOf(context, report))
  if (!report.ok) throw new CommandError(EXIT.data, 'The archive is not what was exported.')
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

function linesOf({ terminal }: CommandContext, report: EvidenceReport): string[] {
  const { bold, dim, good } = terminal.style
  const { files, backtests, validations, gate_results } = report.checked
  return [
    `${bold(printable(report.strategy_name ?? 'Evidence'))} ${report.ok ? good('is as it was exported.') : ''}`.trim(),
    `${dim('Checked')}  ${files} files, ${backtests} backtests, ${validations} validations, ${gate_results} gate results`,
    ...(report.manifest_sha256 === null ? [] : [`${dim('Manifest')} ${report.manifest_sha256}`]),
    ...report.findings.map(({ path, message }) => `${printable(path)}: ${message}`),
  ]
}
