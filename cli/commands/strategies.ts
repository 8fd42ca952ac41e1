import type { Command } from 'commander'
import { endpoints } from '../../contracts/endpoints'
import type { Strategy } from '../../contracts/strategies'
import { getStrategy, type KeyOption, openApi, withKey } from '../api'
import type { CommandContext, WithContext } from '../context'
import { collect, parameters, wholeNumber } from '../options'
import { moment, printable } from '../terminal'

interface ListOptions extends KeyOption {
  search?: string
  type?: string
  tag?: string
  archived?: boolean
  limit: string
}

interface CreateOptions extends KeyOption {
  type: string
  description?: string
  tag?: string[]
  param?: string[]
}

export function addStrategyCommands(program: Command, withContext: WithContext): void {
  const group = program.command('strategies').description('what is being researched: list, look at and make strategies')
  withKey(group.command('list'))
    .description('your strategies and those shared with you, the latest change first')
    .option('--search <text>', 'only those with this text in name, type, tags or description')
    .option('--type <type>', 'only those of this type')
    .option('--tag <tag>', 'only those with this tag')
    .option('--archived', 'those that were put away instead')
    .option('--limit <number>', 'how many at most', '50')
    .action(withContext(list))
  withKey(group.command('show'))
    .argument('<strategy>', 'its name or id')
    .description('one strategy with its parameters and versions')
    .action(withContext(show))
  withKey(group.command('create'))
    .argument('<name>', 'what to call it')
    .description('make a strategy; its parameters become version 1')
    .requiredOption('--type <type>', 'what kind it is, such as momentum or mean-reversion')
    .option('--description <text>', 'what it does, for people')
    .option('--tag <tag>', 'a word to find it by; may be given several times', collect)
    .option('--param <name=value>', 'a parameter, such as window=20; may be given several times', collect)
    .action(withContext(create))
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const api = await openApi(context, options)
  const { search, type: strategy_type, tag, archived } = options
  const query = {
    ...{ search, strategy_type, tag, status: archived ? 'archived' : 'active' },
    limit: wholeNumber(options.limit, '--limit'),
  }
  const found = await api.call(endpoints.strategies, { query })
  const row = (each: Strategy) => [
    each.name,
    each.strategy_type,
    each.stage,
    String(each.version),
    String(each.backtest_count),
    moment(each.last_backtest_at),
  ]
  const { terminal } = context
  const rows = terminal.table(
    ['NAME', 'TYPE', 'STAGE', 'VERSION', 'BACKTESTS', 'LAST BACKTEST'],
    found.strategies.map(row),
  )
  const more = found.next_cursor === null ? [] : [terminal.style.dim(`${found.total} in all; see more with --limit.`)]
  terminal.result(
    found,
    found.total === 0 ? ['There are no strategies yet: make one with aurelius strategies create.'] : [...rows, ...more],
  )
}

async function show(context: CommandContext, wanted: string, options: KeyOption): Promise<void> {
  const api = await openApi(context, options)
  const strategy = await getStrategy(api, wanted)
  const { versions } = await api.call(endpoints.strategyVersions, { params: { id: strategy.id } })
  const { terminal } = context
  const { bold, dim } = terminal.style
  const line = (label: string, text: string) => `${dim(label.padEnd(11))} ${printable(text)}`
  terminal.result({ ...strategy, versions }, [
    bold(printable(strategy.name)),
    line('Type', strategy.strategy_type),
    line('Stage', strategy.stage),
    ...(strategy.tags.length > 0 ? [line('Tags', strategy.tags.join(' '))] : []),
    ...(strategy.description ? [line('About', strategy.description)] : []),
    line('Parameters', JSON.stringify(strategy.parameters)),
    line('Backtests', String(strategy.backtest_count)),
    line('Id', strategy.id),
    '',
    ...terminal.table(
      ['VERSION', 'STAGE', 'MADE', 'BY', 'PARAMETERS'],
      versions.map((each) => [
        String(each.version),
        each.stage,
        moment(each.created_at),
        each.author_name ?? '–',
        JSON.stringify(each.parameters),
      ]),
    ),
  ])
}

async function create(context: CommandContext, name: string, options: CreateOptions): Promise<void> {
  const api = await openApi(context, options)
  const made = await api.call(endpoints.createStrategy, {
    body: {
      name,
      strategy_type: options.type,
      description: options.description ?? '',
      tags: options.tag ?? [],
      parameters: parameters(options.param) ?? {},
    },
  })
  context.terminal.result(made, [`The strategy “${printable(made.name)}” is made. Its id is ${made.id}.`])
}
