import type { LedgerEvent } from '../../contracts/events'
import { gateName } from '../../contracts/gate-policy'
import { GATE_TITLES } from '../gates/facts'

export interface TimelineEntry {
  words: string
  /** Where what the entry names is shown; `null`: on this page. */
  to: string | null
  tone: 'good' | 'bad' | 'waiting' | 'plain'
}

const CHANGES: Record<string, string> = { archived: 'Archived', restored: 'Taken out of the archive' }
const TONES: Record<string, TimelineEntry['tone']> = { passed: 'good', failed: 'bad', inconclusive: 'waiting' }

/** What happened to a strategy, as a line on its own page. */
export function timelineEntry({ type, data, strategy_id, subject_id }: LedgerEvent): TimelineEntry {
  const text = (name: string) => (typeof data[name] === 'string' ? data[name] : '')
  const number = (name: string) => (typeof data[name] === 'number' ? data[name] : null)
  const version = number('strategy_version')
  const ofVersion = version === null ? '' : ` of version ${version}`
  const strategy = `/strategies/${strategy_id}`
  const run = { to: `/backtests/${subject_id}` }
  const runName = `Run${text('label') ? ` “${text('label')}”` : ''}${ofVersion}`
  const verdict = text('verdict')
  switch (type) {
    case 'strategy.created':
      return { words: 'Recorded, as version 1', to: null, tone: 'plain' }
    case 'strategy.changed':
      return { words: changeWords(text('change'), number('version'), text), to: null, tone: 'plain' }
    case 'backtest.started':
    case 'backtest.progress':
      return { ...run, words: `${runName} started`, tone: 'plain' }
    case 'backtest.completed':
      return { ...run, words: `${runName} completed`, tone: 'good' }
    case 'backtest.failed':
      return { ...run, words: `${runName} failed${text('reason') ? `: ${text('reason')}` : ''}`, tone: 'bad' }
    case 'validation.completed':
      return {
        words: `Validation${ofVersion}: ${verdict}`,
        to: `/validations/${subject_id}`,
        tone: TONES[verdict] ?? 'plain',
      }
    case 'gate.evaluated':
      return {
        words: `Gate ${titleOf(text('gate'))} evaluated${version === null ? '' : ` for version ${version}`}: ${verdict}`,
        to: `${strategy}/gates/${text('gate')}?result=${subject_id}`,
        tone: TONES[verdict] ?? 'plain',
      }
    case 'promotion.requested':
      return { ...promotion(`Promotion${ofVersion} to ${titleOf(text('to_stage'))} asked for`), tone: 'waiting' }
    case 'promotion.approved':
      return { ...promotion(`Promotion${ofVersion} to ${titleOf(text('to_stage'))} approved`), tone: 'good' }
    case 'promotion.declined':
      return { ...promotion(`Promotion${ofVersion} to ${titleOf(text('to_stage'))} declined`), tone: 'bad' }
  }

  function promotion(words: string) {
    return { words, to: `${strategy}/gates/${text('to_stage')}` }
  }
}

function changeWords(change: string, version: number | null, text: (name: string) => string): string {
  if (change === 'version') return `Version ${version} made`
  if (change === 'moved') return text('workspace') ? `Moved to the workspace “${text('workspace')}”` : 'Moved'
  return CHANGES[change] ?? (text('fields') ? `Changed: ${text('fields')}` : 'Changed')
}

function titleOf(gate: string): string {
  const known = gateName.safeParse(gate)
  return known.success ? GATE_TITLES[known.data] : gate
}
