import type { Command } from 'commander'
import { type Backtest, type BacktestDetail, backtestStatus } from '../../contracts/backtests'
import { endpoints } from '../../contracts/endpoints'
import { getStrategy, type KeyOption, openApi, withKey } from '../api'
import type { CommandContext, WithContext } from '../context'
import { figureRows, percent, ratio } from '../figures'
import { oneOf, wholeNumber } from '../options'
import { moment, printable } from '../terminal'
import { addPushCommand } from './push'

interface ListOptions extends KeyOption {
  strategy?: string
  status?: string
  limit: string
}

export function addBacktestCommands(program: Command, withContext: WithContext): void {
  const group = program.command('backtests').description('recorded runs: put one in, list them, look at one')
  addPushCommand(group, withContext)
  withKey(group.command('list'))
    .description('runs, the newest first')
    .option('--strategy <strategy>', 'only those of this strategy, by its name or id')
    .option('--status <status>', `only those that are ${backtestStatus.options.join(', ')}`)
    .option('--limit <number>', 'how many at most', '50')
    .action(withContext(list))
  withKey(group.command('show'))
    .argument('<id>', 'the id of a run, as list shows it')
    .description('one run with all its figures')
    .action(withContext(show))
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const status = options.status && oneOf(backtestStatus.options, options.status, '--status')
  const limit = wholeNumber(options.limit, '--limit')
  const api = await openApi(context, options)
  const strategy = options.strategy === undefined ? undefined : await getStrategy(api, options.strategy)
  const found = await api.call(endpoints.backtests, { query: { strategy_id: strategy?.id, status, limit } })
  const row = (run: Backtest) => [
    run.id,
    `${run.strategy_name} v${run.strategy_version}`,
    run.status,
    percent(run.total_return),
    ratio(run.sharpe_ratio),
    percent(run.max_drawdown),
    moment(run.created_at),
  ]
  const { terminal } = context
  const headings = ['ID', 'STRATEGY', 'STATUS', 'RETURN', 'SHARPE', 'DRAWDOWN', 'RECORDED']
  const more = found.next_cursor === null ? [] : [terminal.style.dim(`${found.total} in all; see more with --limit.`)]
  terminal.result(
    found,
    found.total === 0
      ? ['There are no runs yet: put one in with aurelius backtests push.']
      : [...terminal.table(headings, found.backtests.map(row)), ...more],
  )
}

async function show(context: CommandContext, id: string, options: KeyOption): Promise<void> {
  const api = await openApi(context, options)
  const run = await api.call(endpoints.backtest, { params: { id } })
  context.terminal.result(run, [
    ...runLines(context, run),
    ...(run.metrics ? ['', ...context.terminal.table(['METRIC', 'VALUE'], figureRows(run.metrics.figures))] : []),
  ])
}

const REPRODUCED: Record<string, string> = {
  first: 'the first run of these inputs',
  same: 'the same result as the first run of these inputs',
  different: 'ANOTHER result than the first run of the same inputs',
}

/** What a run is, in a few lines. */
export function runLines({ terminal }: CommandContext, run: BacktestDetail): string[] {
  const { bold, dim } = terminal.style
  const line = (label: string, text: string) => `${dim(label.padEnd(13))} ${printable(text)}`
  return [
    bold(printable(`${run.strategy_name} v${run.strategy_version}, ${run.status}`)),
    ...(run.error_message ? [line('Why', run.error_message)] : []),
    line('Period', `${run.start_date ?? '–'} to ${run.end_date ?? '–'}`),
    line('Rows', `${run.point_count} points, ${run.trade_count} trades`),
    line('Total return', percent(run.total_return)),
    line('CAGR', percent(run.cagr)),
    line('Sharpe ratio', ratio(run.sharpe_ratio)),
    line('Max drawdown', percent(run.max_drawdown)),
    ...(run.reproducibility ? [line('Reproduced', REPRODUCED[run.reproducibility] ?? '')] : []),
    ...(run.difference_count > 0
      ? [line('Differences', `${run.difference_count} of the tool's own figures differ`)]
      : []),
    line('Id', run.id),
  ]
}
