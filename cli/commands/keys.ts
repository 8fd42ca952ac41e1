import type { Command } from 'commander'
import type { WithContext } from '../context'
import { rotateSigningKey } from './signing-key'

export function addKeyCommands(program: Command, withContext: WithContext): void {
  const group = program.command('keys').description('keys')
  group
    .command('rotate')
    .description('make a new signing key; nobody is signed out')
    .action(withContext(rotateSigningKey))
}
