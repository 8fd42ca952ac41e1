import type { Command } from 'commander'
import type { CommandContext, WithContext } from '../context'
import { addApiKeyCommands, type RotateOptions, rotateApiKey } from './api-keys'
import { rotateSigningKey } from './signing-key'

export function addKeyCommands(program: Command, withContext: WithContext): void {
  const group = program.command('keys').description('API keys of your scripts, and the key that signs access tokens')
  addApiKeyCommands(group, withContext)
  group
    .command('rotate [name]')
    .description('give an API key a new secret; without a name, make a new signing key (nobody is signed out)')
    .option('--grace-hours <number>', 'how long the old secret of an API key goes on working (24)')
    .action(
      withContext((context: CommandContext, name: string | undefined, options: RotateOptions) =>
        name === undefined ? rotateSigningKey(context) : rotateApiKey(context, name, options),
      ),
    )
}
