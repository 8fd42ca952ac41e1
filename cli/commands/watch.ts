import type { Command } from 'commander'
import { type LedgerEvent, type LedgerEventType, ledgerEventType } from '../../contracts/events'
import { getStrategy, type KeyOption, openApi, withKey } from '../api'
import type { CommandContext, WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { percent } from '../figures'
import { followLedger } from '../follow'
import { oneOf, wholeNumber } from '../options'
import { moment, printable } from '../terminal'

const EXAMPLES = `
Examples:
  aurelius watch --strategy Momentum
  aurelius watch --until backtest.completed --timeout 3600 && notify-send "done"
  aurelius --json watch --after 0 >> events.ndjson
`

interface WatchOptions extends KeyOption {
  strategy?: string
  after?: string
  until?: string
  timeout?: string
}

export function addWatchCommand(program: Command, withContext: WithContext): void {
  withKey(program.command('watch'))
    .description('what happens in the ledger, a line each as it happens, until you interrupt it')
    .option('--strategy <strategy>', 'only what happens to this one, by its name or id')
    .option('--after <id>', 'begin after this event instead of now; 0 for all that are kept')
    .option('--until <event>', `end with 0 after the first such event: ${ledgerEventType.options.join(', ')}`)
    .option('--timeout <seconds>', 'end with 75 after so long')
    .addHelpText('after', EXAMPLES)
    .action(withContext(watch))
}

async function watch(context: CommandContext, options: WatchOptions): Promise<void> {
  const until = options.until === undefined ? undefined : oneOf(ledgerEventType.options, options.until, '--until')
  const after = options.after === undefined ? undefined : wholeNumber(options.after, '--after', 0)
  const seconds = options.timeout === undefined ? undefined : wholeNumber(options.timeout, '--timeout')
  const api = await openApi(context, options)
  const strategy = options.strategy === undefined ? undefined : await getStrategy(api, options.strategy)
  const { terminal } = context
  const limit = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000)
  const follow = {
    after,
    signal: limit,
    onGap: () => terminal.note('Older events are not kept any more; there may be a gap before the next one.'),
    onTrouble: () => terminal.note('Aurelius does not answer; waiting for it to come back.'),
  }
  for await (const event of followLedger(api, follow)) {
    if (strategy && event.strategy_id !== strategy.id) continue
    terminal.result(event, [line(context, event)])
    if (event.type === until) return
  }
  const time = `${seconds} second${seconds === 1 ? '' : 's'}`
  const sentence = until === undefined ? `Watching has ended after ${time}.` : `There was no ${until} in ${time}.`
  throw new CommandError(EXIT.tryAgain, sentence)
}

const WORDS: Record<LedgerEventType, string> = {
  'strategy.created': 'strategy made',
  'strategy.changed': 'strategy changed',
  'backtest.started': 'backtest started',
  'backtest.progress': 'backtest goes on',
  'backtest.completed': 'backtest completed',
  'backtest.failed': 'backtest failed',
  'validation.completed': 'validation completed',
  'gate.evaluated': 'gate evaluated',
  'promotion.requested': 'promotion asked for',
  'promotion.approved': 'promotion approved',
  'promotion.declined': 'promotion declined',
}

const UNSAID = ['result_hash']

function line({ terminal }: CommandContext, { type, at, strategy_name, data }: LedgerEvent): string {
  const { dim, bold } = terminal.style
  const { progress, ...figures } = data
  const details = [
    ...(typeof progress === 'number' ? [percent(progress)] : []),
    ...Object.entries(figures)
      .filter(([name, value]) => value !== null && !UNSAID.includes(name) && type !== 'strategy.created')
      .map(
        ([name, value]) =>
          `${name.replaceAll('_', ' ')} ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`,
      ),
  ]
  return `${dim(moment(at))}  ${WORDS[type].padEnd(20)}  ${bold(printable(strategy_name))}  ${printable(details.join(', '))}`.trimEnd()
}
