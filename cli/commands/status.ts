import type { Command } from 'commander'
import { endpoints } from '../../contracts/endpoints'
import type { Health } from '../../contracts/health'
import type { RuntimeFile } from '../../contracts/runtime-file'
import { type SignedIn, whoIsSignedIn } from '../../server/local'
import { StartError } from '../../server/start-error'
import type { CommandContext, WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { callServer } from '../http'
import { findRunningApp } from '../running-app'
import { printable } from '../terminal'

const DATABASES = { sqlite: 'SQLite', postgres: 'Postgres' }

export function addStatusCommand(program: Command, withContext: WithContext): void {
  program
    .command('status')
    .description('whether Aurelius runs, where it answers, and who is signed in')
    .action(withContext(status))
}

async function status(context: CommandContext): Promise<void> {
  const { terminal, dataFolder, version } = context
  const app = findRunningApp(dataFolder)
  if (!app) {
    terminal.result({ running: false, command_version: version }, ['Aurelius is not running.'])
    throw new CommandError(EXIT.unavailable, '')
  }
  const health = await callServer(app.origin, endpoints.health)
  const people = await peopleSignedIn(context)
  const data = { running: true, ...app, command_version: version, health, signed_in: people ?? null }
  terminal.result(data, linesOf(context, app, health, people))
}

/** Nothing where this person may not read the database: then it is not for them to know. */
async function peopleSignedIn(context: CommandContext): Promise<SignedIn[] | undefined> {
  try {
    return await whoIsSignedIn(context)
  } catch (error) {
    if (error instanceof StartError) return undefined
    throw error
  }
}

function linesOf({ terminal }: CommandContext, app: RuntimeFile, health: Health, people: SignedIn[] | undefined) {
  const { bold, dim, good } = terminal.style
  const line = (label: string, text: string) => `${dim(label.padEnd(10))} ${text}`
  return [
    `${bold('Aurelius')} ${health.version} ${good('is running.')}`,
    line('Address', app.origin),
    line('Database', `${DATABASES[health.database.dialect]}, ${health.database.status}`),
    line('Up for', span(health.uptime_seconds)),
    line('Process', String(app.pid)),
    line('Signed in', people === undefined ? 'the database cannot be read from here' : peopleText(people)),
  ]
}

function peopleText(people: SignedIn[]): string {
  if (people.length === 0) return 'nobody'
  return people.map(({ email, sessions }) => `${printable(email)} (${counted(sessions, 'session')})`).join(', ')
}

function span(seconds: number): string {
  if (seconds < 90) return counted(seconds, 'second')
  if (seconds < 5_400) return counted(Math.round(seconds / 60), 'minute')
  return seconds < 172_800 ? counted(Math.round(seconds / 3_600), 'hour') : counted(Math.round(seconds / 86_400), 'day')
}

const counted = (amount: number, unit: string) => `${amount} ${unit}${amount === 1 ? '' : 's'}`
