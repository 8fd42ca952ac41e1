import type { Command } from 'commander'
import { type ApiKey, allowedAddress, keyName, keyScope } from '../../contracts/api-keys'
import { endpoints } from '../../contracts/endpoints'
import { KEY_SCOPES, type KeyScope } from '../../contracts/scopes'
import { sentenceFor } from '../../contracts/sentences'
import type { CommandContext, WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { keptFor } from '../kept'
import { type SignedIn, takeUpSignIn } from '../signed-in'
import { moment, printable } from '../terminal'

const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3_600

interface CreateOptions {
  for: string
  scope?: string[]
  days?: string
  withoutExpiry?: boolean
  writeWithoutExpiry?: boolean
  from?: string[]
}

export function addApiKeyCommands(group: Command, withContext: WithContext): void {
  group
    .command('create')
    .description('make an API key for a script and put it into the keychain; it is never shown')
    .requiredOption('--for <name>', 'what the key is for, such as the name of a script')
    .option('--scope <scope...>', `what it may do: ${KEY_SCOPES.join(', ')} (ledger:read)`)
    .option('--days <number>', 'how long it lasts (90)')
    .option('--without-expiry', 'let it last until it is revoked')
    .option('--write-without-expiry', 'the same, for a key that may change something')
    .option('--from <address...>', 'accept it only from these addresses or networks')
    .action(withContext(create))
  group.command('list').description('your API keys').action(withContext(list))
  group
    .command('revoke <name>')
    .description('end an API key; whatever uses it is refused at once')
    .action(withContext(revoke))
}

async function create(context: CommandContext, options: CreateOptions): Promise<void> {
  const name = checked(keyName, options.for)
  const scopes = scopesOf(options.scope)
  const kept = keptFor(context)
  const signedIn = await takeUpSignIn(context)
  const lasts = options.withoutExpiry || options.writeWithoutExpiry
  const { api_key: key, secret } = await signedIn.call(endpoints.createApiKey, {
    body: {
      name,
      scopes,
      ...(lasts ? { expires_in_seconds: null, write_without_expiry: options.writeWithoutExpiry === true } : {}),
      ...(options.days && !lasts ? { expires_in_seconds: wholeNumber(options.days, '--days') * DAY_SECONDS } : {}),
      ...(options.from ? { addresses: options.from.map((address) => checked(allowedAddress, address)) } : {}),
    },
  })
  await kept.keepKey(name, secret).catch(async (error) => {
    await signedIn.call(endpoints.revokeApiKey, { params: { id: key.id } })
    throw error
  })
  context.terminal.result(key, [
    `The key “${printable(name)}” is in the keychain; ${ending(key)}.`,
    `Give it to a script with: aurelius run --key ${quoted(name)} SCRIPT`,
  ])
}

async function list(context: CommandContext): Promise<void> {
  const signedIn = await takeUpSignIn(context)
  const found = await signedIn.call(endpoints.apiKeys)
  const row = (key: ApiKey) => [
    key.name,
    `${key.hint}…`,
    key.scopes.join(' '),
    moment(key.last_used_at),
    key.is_expired ? 'expired' : key.expires_at ? moment(key.expires_at) : 'never',
  ]
  const { terminal } = context
  terminal.result(
    found,
    found.total === 0
      ? ['You have no API keys.']
      : terminal.table(['NAME', 'KEY', 'MAY', 'LAST USED', 'EXPIRES'], found.api_keys.map(row)),
  )
}

async function revoke(context: CommandContext, name: string): Promise<void> {
  const signedIn = await takeUpSignIn(context)
  const key = await getKey(signedIn, name)
  await signedIn.call(endpoints.revokeApiKey, { params: { id: key.id } })
  await keptFor(context).forgetKey(key.name)
  context.terminal.result({ id: key.id, revoked: true }, [`The key “${printable(key.name)}” is revoked.`])
}

export interface RotateOptions {
  graceHours?: string
}

export async function rotateApiKey(context: CommandContext, name: string, options: RotateOptions): Promise<void> {
  const kept = keptFor(context)
  const signedIn = await takeUpSignIn(context)
  const { id } = await getKey(signedIn, name)
  const hours = options.graceHours === undefined ? undefined : wholeNumber(options.graceHours, '--grace-hours')
  const { api_key: key, secret } = await signedIn.call(endpoints.rotateApiKey, {
    params: { id },
    body: hours === undefined ? {} : { grace_seconds: hours * HOUR_SECONDS },
  })
  await kept.keepKey(key.name, secret)
  context.terminal.result(key, [
    `The key “${printable(key.name)}” has a new secret, which is in the keychain; ${ending(key)}.`,
    key.previous ? `The old one works until ${moment(key.previous.works_until)}.` : 'The old one has ended.',
  ])
}

/** Of two keys with one name, the one that has not expired. */
async function getKey(signedIn: SignedIn, name: string): Promise<ApiKey> {
  const { api_keys: keys } = await signedIn.call(endpoints.apiKeys)
  const named = keys.filter((key) => key.name === name)
  const found = named.find(({ is_expired }) => !is_expired) ?? named[0]
  if (!found) throw new CommandError(EXIT.noInput, 'You have no API key of this name: see aurelius keys list.')
  return found
}

export function scopesOf(words: string[] = ['ledger:read']): KeyScope[] {
  return words
    .flatMap((word) => word.split(','))
    .map((word) => {
      const scope = keyScope.safeParse(word)
      if (scope.success) return scope.data
      throw new CommandError(EXIT.usage, `A key can be given these scopes: ${KEY_SCOPES.join(', ')}.`)
    })
}

interface Shape<T> {
  safeParse(
    value: unknown,
    options: { error: typeof sentenceFor },
  ): { success: true; data: T } | { success: false; error: { issues: { message: string }[] } }
}

function checked<T>(shape: Shape<T>, value: string): T {
  const result = shape.safeParse(value, { error: sentenceFor })
  if (result.success) return result.data
  throw new CommandError(EXIT.data, result.error.issues[0]?.message ?? 'That is not valid.')
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new CommandError(EXIT.usage, `${option} takes a whole number; see aurelius --help.`)
}

const ending = ({ expires_at: end }: ApiKey) => (end === null ? 'it never expires' : `it expires at ${moment(end)}`)

const quoted = (name: string) => (/^[\w.-]+$/.test(name) ? name : `'${printable(name).replaceAll("'", "'\\''")}'`)
