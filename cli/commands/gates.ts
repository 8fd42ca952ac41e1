import type { Command } from 'commander'
import { endpoints } from '../../contracts/endpoints'
import { gateName, type Verdict } from '../../contracts/gate-policy'
import type { GateResult } from '../../contracts/gates'
import { getStrategy, type KeyOption, openApi, withKey } from '../api'
import type { CommandContext, WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { oneOf, wholeNumber } from '../options'
import { moment, printable } from '../terminal'

const EXIT_OF_VERDICT: Record<Verdict, number> = {
  passed: EXIT.ok,
  failed: EXIT.gateFailed,
  inconclusive: EXIT.gateInconclusive,
}

const VERDICTS = `
Ends with 0 if the gate passed, 10 if it failed, 11 if it is inconclusive because evidence is missing:
  aurelius gates evaluate dev --strategy Momentum && echo "go on"
`

interface EvaluateOptions extends KeyOption {
  strategy: string
  strategyVersion?: string
  backtest?: string
  validation?: string
}

interface ListOptions extends KeyOption {
  strategy?: string
}

export function addGateCommands(program: Command, withContext: WithContext): void {
  const group = program
    .command('gates')
    .description('rules that evidence is held against before a strategy goes further: dev, crv, product')
  withKey(group.command('evaluate'))
    .argument('<gate>', gateName.options.join(', '))
    .description('hold a strategy against a gate, and keep what came of it for ever')
    .requiredOption('--strategy <strategy>', 'its name or id')
    .option('--strategy-version <number>', 'which version of its parameters, if not the newest')
    .option('--backtest <id>', 'which run is the evidence, if not the newest')
    .option('--validation <id>', 'which validation is the evidence, if not the newest')
    .addHelpText('after', VERDICTS)
    .action(withContext(evaluate))
  withKey(group.command('list'))
    .description('the gates with their rules; with --strategy, what they decided about it')
    .option('--strategy <strategy>', 'its name or id')
    .action(withContext(list))
}

async function evaluate(context: CommandContext, word: string, options: EvaluateOptions): Promise<void> {
  const gate = oneOf(gateName.options, word, 'A gate')
  const { backtest, validation, strategyVersion } = options
  const body = {
    ...(strategyVersion === undefined ? {} : { strategy_version: wholeNumber(strategyVersion, '--strategy-version') }),
    ...(backtest === undefined ? {} : { backtest_id: backtest }),
    ...(validation === undefined ? {} : { validation_id: validation }),
  }
  const api = await openApi(context, options)
  const { id } = await getStrategy(api, options.strategy)
  const result = await api.call(endpoints.evaluateGate, { params: { id, gate }, body })
  context.terminal.result(result, resultLines(context, result))
  if (result.verdict !== 'passed') throw new CommandError(EXIT_OF_VERDICT[result.verdict], '')
}

function resultLines({ terminal }: CommandContext, result: GateResult): string[] {
  const { bold, dim, good, bad } = terminal.style
  const colour = result.verdict === 'passed' ? good : bad
  const text = (value: unknown) => (value === null ? '–' : String(value))
  return [
    `${bold(printable(`${result.strategy_name} v${result.strategy_version}`))} at gate ${result.gate}: ${colour(result.verdict)}`,
    ...terminal.table(
      ['RULE', 'VERDICT', 'VALUE', 'NEEDED', 'OF'],
      result.checks.map((check) => [
        check.id,
        check.verdict,
        text(check.value),
        `${check.operator.replaceAll('_', ' ')} ${text(check.threshold)}`,
        check.fact,
      ]),
    ),
    dim(`Policy version ${text(result.policy_version)}, result ${result.id}`),
  ]
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const api = await openApi(context, options)
  const { terminal } = context
  if (options.strategy === undefined) {
    const found = await api.call(endpoints.gatePolicies)
    const row = ({ gate, version, policy }: (typeof found.policies)[number]) => [
      gate,
      String(version),
      String(policy.rules.length),
      policy.title,
    ]
    terminal.result(found, terminal.table(['GATE', 'POLICY', 'RULES', 'TITLE'], found.policies.map(row)))
    return
  }
  const { id } = await getStrategy(api, options.strategy)
  const found = await api.call(endpoints.gateResults, { params: { id } })
  const row = (result: GateResult) => [
    result.gate,
    String(result.strategy_version),
    result.verdict,
    moment(result.created_at),
    result.author_name ?? '–',
    result.id,
  ]
  terminal.result(
    found,
    found.total === 0
      ? ['No gate has been evaluated for it: see aurelius gates evaluate --help.']
      : terminal.table(['GATE', 'VERSION', 'VERDICT', 'EVALUATED', 'BY', 'ID'], found.gate_results.map(row)),
  )
}
