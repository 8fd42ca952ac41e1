import { z } from 'zod'
import { type BacktestDetail, backtestDetail } from '../../../contracts/backtests'
import type { EvidenceManifest, EvidenceReport } from '../../../contracts/evidence'
import { gateName, verdict } from '../../../contracts/gate-policy'
import { gateResult, promotionStatus } from '../../../contracts/gates'
import { type Stage, stage, strategy, strategyVersion } from '../../../contracts/strategies'
import { validationDetail } from '../../../contracts/validations'
import type { Archive } from './archive'
import { checkGate } from './check-gate'
import { hasItsFirst, wereTrials } from './check-lineage'
import { checkRun, checkUnscored, hasItsInputs } from './check-run'
import { checkValidation } from './check-validation'
import { isSame } from './same'

const promotions = z.array(
  z.looseObject({
    id: z.string(),
    strategy_id: z.string(),
    strategy_version: z.int(),
    to_stage: stage,
    gate_result_id: z.string(),
    status: promotionStatus,
  }),
)

/** Computes a run again from its rows, and lets go of them. */
export function checkRows(archive: Archive, folder: string): void {
  const path = `${folder}/backtest.json`
  const { files, named, find } = archive
  const run = archive.read(path, backtestDetail)
  if (!run) return
  if (`backtests/${run.id}` !== folder) {
    find(path, 'This is another backtest than its name says.')
    return
  }
  archive.backtests.set(run.id, run)
  if (run.status !== 'completed' && run.status !== 'failed') {
    for (const message of checkUnscored(run)) find(path, message)
    return
  }
  const [equity, trades] = ['equity', 'trades'].map((name) => {
    const rows = `${folder}/${name}.csv`
    named.add(rows)
    const file = files.get(rows)
    if (!file) find(rows, 'This file is missing.')
    const text = file?.text
    if (file) file.text = ''
    return text
  })
  if (equity === undefined || trades === undefined) return
  try {
    const { messages, curve } = checkRun(run, { equity, trades })
    archive.curves.set(run.id, curve)
    for (const message of messages) find(path, message)
  } catch (error) {
    find(path, error instanceof RangeError ? error.message : 'The rows of this run cannot be read.')
  }
}

/**
 * Checks everything but rows that were checked, and what of one document follows from the others.
 *
 * @returns how many of each kind are as they should be
 */
export function checkDocuments(archive: Archive, manifest: EvidenceManifest): Omit<EvidenceReport['checked'], 'files'> {
  const { files, find } = archive
  archive.strategyId = manifest.strategy_id
  checkStrategy(archive, manifest)
  for (const path of [...files.keys()]) {
    const [, id] = /^backtests\/([^/]+)\/backtest\.json$/.exec(path) ?? []
    if (id !== undefined && !archive.backtests.has(id)) checkRows(archive, `backtests/${id}`)
  }
  for (const validation of documents(archive, 'validations', validationDetail))
    archive.validations.set(validation.id, validation)
  for (const result of documents(archive, 'gate-results', gateResult)) archive.gateResults.set(result.id, result)

  const isRight = (path: string, about: About, messages: string[]): boolean => {
    const all = [...checkPlace(archive, about), ...messages]
    for (const message of all) find(path, message)
    return !archive.faulty.has(path)
  }
  const counted = { backtests: 0, validations: 0, gate_results: 0 }
  for (const run of archive.backtests.values())
    if (isRight(`backtests/${run.id}/backtest.json`, run, checkInputs(archive, run)) && run.result_hash !== null)
      counted.backtests += 1
  for (const validation of archive.validations.values())
    if (
      isRight(`validations/${validation.id}.json`, validation, checkValidation(validation, archive)) &&
      validation.source !== 'adopted'
    )
      counted.validations += 1
  for (const result of archive.gateResults.values())
    if (isRight(`gate-results/${result.id}.json`, result, checkGate(result, archive)) && result.policy_version !== null)
      counted.gate_results += 1
  const stages = checkPromotions(archive)
  for (const [version, { stage }] of archive.versions)
    if (stage !== (stages.get(version) ?? 'research'))
      find('versions.json', `The stage of version ${version} does not follow from the promotions.`)
  return counted
}

function* documents<Shape extends z.ZodType<{ id: string }>>(
  { files, read, find }: Archive,
  folder: string,
  shape: Shape,
): Generator<z.output<Shape>> {
  for (const path of [...files.keys()]) {
    if (!path.startsWith(`${folder}/`)) continue
    const document = read(path, shape)
    if (document && path !== `${folder}/${document.id}.json`) find(path, 'This is another one than its name says.')
    else if (document) yield document
  }
}

function checkStrategy(archive: Archive, manifest: EvidenceManifest): void {
  const { read, find } = archive
  const subject = read('strategy.json', strategy)
  const versions = read('versions.json', z.array(strategyVersion)) ?? []
  for (const version of versions) archive.versions.set(version.version, version)
  if (subject && (subject.id !== manifest.strategy_id || subject.name !== manifest.strategy_name))
    find('strategy.json', 'This is another strategy than the manifest says.')
  const areInOrder = versions.every(
    ({ version, strategy_id }, at) => version === at + 1 && strategy_id === manifest.strategy_id,
  )
  const newest = versions.at(-1)
  if (
    subject &&
    (!areInOrder ||
      newest?.version !== subject.version ||
      !isSame(newest.parameters, subject.parameters) ||
      newest.stage !== subject.stage)
  )
    find('versions.json', 'These are not the versions of the strategy.')
  // More of them may have been started while the archive was written.
  const runs = [...archive.files.keys()].filter((path) => path.endsWith('/backtest.json'))
  if (subject && runs.length < subject.backtest_count)
    find('strategy.json', 'There are not as many runs as the strategy has.')
}

interface About {
  strategy_id: string
  strategy_version: number
}

function checkPlace({ strategyId, versions }: Archive, about: About): string[] {
  return about.strategy_id === strategyId && versions.has(about.strategy_version)
    ? []
    : ['The version of the strategy it refers to is not in the archive.']
}

function checkInputs({ backtests, curves, versions }: Archive, run: BacktestDetail): string[] {
  const messages: string[] = []
  if (!isSame(run.parameters, versions.get(run.strategy_version)?.parameters))
    messages.push('The parameters are not those of the version of the strategy.')
  const isUnread = (run.status === 'completed' || run.status === 'failed') && !curves.has(run.id)
  if (isUnread) return messages
  if (!hasItsInputs(run, curves.get(run.id))) messages.push('The inputs are not those of the fingerprint.')
  if (run.result_hash === null) return messages
  if (!hasItsFirst(backtests.values(), run))
    messages.push('Whether it repeats an earlier run does not follow from the runs in the archive.')
  if (!wereTrials(backtests.values(), run, run.completed_at ?? '', run.metrics?.basis.trials ?? null))
    messages.push('The trials are not the runs that were completed by then.')
  return messages
}

/** Which stage each version of the strategy was promoted to. */
function checkPromotions(archive: Archive): Map<number, Stage> {
  const stages = new Map<number, Stage>()
  for (const promotion of archive.read('promotions.json', promotions) ?? []) {
    const result = archive.gateResults.get(promotion.gate_result_id)
    const holds =
      result?.strategy_version === promotion.strategy_version &&
      promotion.strategy_id === archive.strategyId &&
      result.verdict === verdict.enum.passed &&
      result.gate === gateName.safeParse(promotion.to_stage).data
    if (!holds) archive.find('promotions.json', 'A promotion refers to no passed gate result in the archive.')
    if (promotion.status === 'approved') stages.set(promotion.strategy_version, promotion.to_stage)
  }
  return stages
}
