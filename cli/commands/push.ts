import type { Command } from 'commander'
import { endpoints } from '../../contracts/endpoints'
import { DATE_FORMATS, FORMATS, type ImportResult, type Mapping, type RunFacts, rolesOf } from '../../importers/index'
import { type Api, findStrategy, type KeyOption, openApi, withKey } from '../api'
import type { CommandContext, WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { type FileOptions, importSettings, readFile } from '../import-file'
import { collect, parameters, wholeNumber } from '../options'
import { patiently } from '../patience'
import { openProgressBar } from '../progress-bar'
import { printable } from '../terminal'
import { upload } from '../upload'
import { runLines } from './backtests'

const RUN_OPTIONS = {
  label: 'label',
  currency: 'currency',
  dataSource: 'data_source',
  dataFingerprint: 'data_fingerprint',
  engine: 'engine',
  codeRevision: 'code_revision',
} as const

const EXAMPLES = `
Examples:
  aurelius backtests push curve.csv --strategy Momentum --dry-run
  aurelius backtests push curve.csv --strategy Momentum --trades trades.csv --param window=20
  aurelius backtests push export.csv --strategy Momentum --map time=Day --map 'equity=Net Liq' --date-format day-month-year
  aurelius backtests push returns.csv --strategy Momentum --format returns --capital 1000000
  aurelius backtests push backtest-result.json        (Freqtrade's, which names its strategy)
`

interface PushOptions extends KeyOption, FileOptions, Partial<Record<keyof typeof RUN_OPTIONS, string>> {
  strategy?: string
  type: string
  trades?: string
  param?: string[]
  seed?: string
  again?: boolean
  dryRun?: boolean
}

export function addPushCommand(group: Command, withContext: WithContext): void {
  withKey(group.command('push'))
    .argument('<file>', 'the equity curve: a CSV with time and equity, or a result of another tool')
    .description('record a finished run from a file; pushed again, it goes on where it stopped and is not doubled')
    .option('--strategy <name>', 'whose run it is; a new name becomes a new strategy')
    .option('--type <type>', 'what kind of strategy a new one is', 'other')
    .option('--trades <file>', 'the trades of the run: one a row')
    .option(
      '--param <name=value>',
      'a parameter the run was made with, such as window=20; may be given several times',
      collect,
    )
    .option('--label <text>', 'a few words to know the run by')
    .option('--data-source <text>', 'which data it ran on')
    .option('--data-fingerprint <hash>', 'a hash of that data, such as a SHA-256')
    .option('--code-revision <text>', 'which revision of the code, such as a commit')
    .option('--engine <name>', 'which program ran it, if the file does not say')
    .option('--seed <number>', 'the seed of its random numbers')
    .option('--currency <code>', 'the currency of the account, such as EUR')
    .option('--format <format>', `what wrote the file, if it cannot be told: ${FORMATS.map(({ id }) => id).join(', ')}`)
    .option('--map <column=heading>', "which heading holds a column: --map 'equity=Net Liq'", collect)
    .option('--date-format <format>', `how dates are written: ${DATE_FORMATS.join(', ')}`)
    .option('--utc-offset <offset>', 'the zone of times that name none, such as -05:00')
    .option('--instrument <name>', 'what was traded, if the trades do not say')
    .option('--capital <amount>', 'what returns are applied to (100000)')
    .option('--take <name>', 'which strategy of a file that holds several')
    .option('--again', 'record it once more even if the same was recorded already')
    .option('--dry-run', 'say what would be recorded, and record nothing')
    .addHelpText('after', EXAMPLES)
    .action(withContext(push))
}

async function push(context: CommandContext, file: string, options: PushOptions): Promise<void> {
  const { terminal, stderr, words } = context
  const found = readFiles(context, file, options)
  for (const note of found.notes) terminal.note(note)
  const name = options.strategy ?? found.strategyName
  const isReadOnly = options.dryRun === true
  if (isReadOnly) return terminal.result(summary(found, name), summaryLines(found, name))
  if (name === null) throw new CommandError(EXIT.usage, 'Say whose run it is: --strategy NAME.')
  const facts = { ...found.facts, ...stated(options) }
  const api = await openApi(context, options)
  const { strategyId, strategyVersion } = await patiently(terminal, () => place(context, api, name, options))
  const bar = openProgressBar(stderr, 'Recording', !words.includes('--json'))
  const { reported_metrics: reported, ...about } = facts
  const recording = { strategyId, strategyVersion, points: found.points, trades: found.trades, facts: about, reported }
  const { run, wasThere } = await upload(api, { ...recording, again: options.again === true }, terminal, bar).finally(
    bar.end,
  )
  if (wasThere) terminal.note('The same was recorded before, so nothing was added; --again records it once more.')
  terminal.result(run, runLines(context, run))
}

function readFiles({ workingFolder }: CommandContext, file: string, options: PushOptions): ImportResult {
  const settings = importSettings(options)
  const { ofCurve, ofTrades } = shared(settings.columns ?? {})
  const isAlone = options.trades === undefined
  const curve = readFile(workingFolder, file, isAlone ? settings : { ...settings, columns: ofCurve })
  if (curve.holds === 'trades')
    throw new CommandError(EXIT.data, `${file} holds trades: give the equity curve, and this file with --trades.`)
  if (options.trades === undefined) return curve
  const { format: _ofTheCurve, ...others } = settings
  const told = readFile(workingFolder, options.trades, { ...others, columns: ofTrades })
  if (told.holds !== 'trades') throw new CommandError(EXIT.data, `${options.trades} holds no trades.`)
  return {
    ...curve,
    trades: told.trades,
    facts: { ...told.facts, ...curve.facts },
    notes: [...curve.notes, ...told.notes],
  }
}

/** Which stated columns are the curve's and which the trades', where each has a file of its own. */
function shared(columns: Mapping): { ofCurve: Mapping; ofTrades: Mapping } {
  const names = new Set<string>(rolesOf('trades').map(({ name }) => name))
  const those = (areTrades: boolean): Mapping =>
    Object.fromEntries(Object.entries(columns).filter(([name]) => names.has(name) === areTrades))
  return { ofCurve: those(false), ofTrades: those(true) }
}

function stated(options: PushOptions): Omit<RunFacts, 'reported_metrics'> & Record<string, unknown> {
  const given = Object.entries(RUN_OPTIONS).flatMap(([option, name]) => {
    const value = options[option as keyof typeof RUN_OPTIONS]
    return value === undefined ? [] : [[name, value] as const]
  })
  const seed = options.seed === undefined ? {} : { seed: wholeNumber(options.seed, '--seed', -2_147_483_648) }
  return { ...Object.fromEntries(given), ...seed }
}

/** The strategy and version that a run belongs to; safe to do again. */
async function place({ terminal }: CommandContext, api: Api, name: string, options: PushOptions) {
  const values = parameters(options.param)
  const found = await findStrategy(api, name)
  if (!found) {
    const body = { name, strategy_type: options.type, parameters: values ?? {} }
    const made = await api.call(endpoints.createStrategy, { body })
    terminal.note(`There was no strategy “${printable(name)}”: it is made.`)
    // Without parameters the next push states no version either, and has to be the same request.
    return { strategyId: made.id, strategyVersion: values === undefined ? undefined : made.version }
  }
  if (values === undefined) return { strategyId: found.id, strategyVersion: undefined }
  const { version } = await api.call(endpoints.createStrategyVersion, {
    params: { id: found.id },
    body: { parameters: values },
  })
  return { strategyId: found.id, strategyVersion: version }
}

function summary({ format, points, trades, facts, notes }: ImportResult, strategy: string | null) {
  const at = (index: number) => new Date(points[index] ?? 0).toISOString()
  return {
    strategy,
    format,
    point_count: points.length / 2,
    trade_count: trades.length,
    from: points.length > 0 ? at(0) : null,
    to: points.length > 0 ? at(points.length - 2) : null,
    first_equity: points[1] ?? null,
    last_equity: points.at(-1) ?? null,
    ...facts,
    notes,
  }
}

function summaryLines(found: ImportResult, strategy: string | null): string[] {
  const { point_count, trade_count, from, to, first_equity, last_equity } = summary(found, strategy)
  const format = FORMATS.find(({ id }) => id === found.format)?.name ?? found.format
  return [
    `${format}: ${point_count} points from ${from ?? '–'} to ${to ?? '–'}, ${trade_count} trades.`,
    `Equity from ${first_equity ?? '–'} to ${last_equity ?? '–'}.`,
    'Nothing was recorded.',
  ]
}
