import type { Command } from 'commander'
import type { SigningKeyInfo, SigningKeyList } from '../../contracts/signing-keys'
import { openLocal, readLocalConfiguration } from '../../server/local'
import { arrangeRing, describeRing, type SigningKey } from '../../server/signing-keys'
import { StartError } from '../../server/start-error'
import { actingOptions, type CommandContext, type WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { findRunningApp } from '../running-app'
import { moment } from '../terminal'

const IS_SETTING =
  'The signing key is a setting: put the key of now into SECRET_KEY_PREVIOUS, a new one into SECRET_KEY, and start the server again.'
const RUNS_WITH_SETTING =
  'The Aurelius that is running has its signing key from SECRET_KEY, so a new one in the keychain would change nothing: change the setting instead.'
const UNDER_WAY = 'A new signing key is about to begin: wait a minute before the next one.'

export function addSigningKeyCommands(program: Command, withContext: WithContext): void {
  const group = program.command('signing-key').description('the keys that sign access tokens')
  group.command('list').description('which keys there are, and when each begins and ends').action(withContext(list))
  group
    .command('rotate')
    .description('make a new one; nobody is signed out (the same as: aurelius keys rotate)')
    .action(withContext(rotateSigningKey))
}

async function list(context: CommandContext): Promise<void> {
  const { secrets, config } = readLocalConfiguration(context)
  const keys = secrets.signingKeys ?? (await context.keys.read()).signingKeys
  const found = listOf(keys, config.tokens.lifetimeSeconds, secrets.signingKeys ? 'settings' : 'keychain')
  context.terminal.result(found, linesOf(context, found))
}

/** Adds a key in the keychain of this user. Whoever may do that holds the keys anyway, so no server is asked. */
export async function rotateSigningKey(context: CommandContext): Promise<void> {
  const { secrets, config } = readLocalConfiguration(context)
  if (secrets.signingKeys) throw new CommandError(EXIT.config, IS_SETTING)
  const app = findRunningApp(context.dataFolder)
  if (app?.signing_keys === 'settings') throw new CommandError(EXIT.config, RUNS_WITH_SETTING)
  const inKeychain = (keys: SigningKey[]) => listOf(keys, config.tokens.lifetimeSeconds, 'keychain')
  const before = inKeychain((await context.keys.read()).signingKeys)
  if (before.signing_keys.some(({ state }) => state === 'next')) throw new CommandError(EXIT.tryAgain, UNDER_WAY)

  const after = inKeychain(await context.keys.signingKeys.rotate())
  const [added, replaced] = after.signing_keys
  await writeDown(context, added?.id ?? '')
  context.terminal.result(after, [
    `A new signing key begins at ${moment(added?.signs_from)}${app ? '; the Aurelius that is running takes it up by itself' : ''}.`,
    `What earlier keys signed counts until it expires, by ${moment(replaced?.ends_at)}: nobody is signed out.`,
    ...linesOf(context, after),
  ])
}

/** A database that is not there yet, or not in reach, keeps nobody from replacing a key. */
async function writeDown(context: CommandContext, keyId: string): Promise<void> {
  try {
    const local = await openLocal(actingOptions(context))
    await local.recordRotation(keyId).finally(local.close)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    context.terminal.note(`The audit log does not hold this: ${error.message}`)
  }
}

function listOf(keys: SigningKey[], lifetimeSeconds: number, keptIn: SigningKeyList['kept_in']): SigningKeyList {
  const described = describeRing(arrangeRing(keys, lifetimeSeconds), Date.now() / 1000)
  return { signing_keys: described, total: described.length, next_cursor: null, kept_in: keptIn }
}

function linesOf({ terminal }: CommandContext, { signing_keys: keys }: SigningKeyList): string[] {
  const row = ({ id, state, signs_from: from, ends_at: end }: SigningKeyInfo) => [id, state, moment(from), moment(end)]
  return terminal.table(['KEY', 'STATE', 'SIGNS FROM', 'ENDS'], keys.map(row))
}
