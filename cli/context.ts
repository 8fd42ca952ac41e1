import type { AuditHeadStore } from '../server/audit-heads'
import type { ActingOptions, KeptKeys } from '../server/local'
import type { SigningKeyStore } from '../server/signing-keys'
import type { Input } from './secret-input'
import type { Output, Terminal } from './terminal'

/** A keychain, as far as commands use it. */
export interface SecretKeeper {
  read(account: string): Promise<string | null>
  write(account: string, value: string): Promise<void>
  remove(account: string): Promise<void>
}

export interface KeychainKeys {
  read(): Promise<KeptKeys>
  signingKeys: SigningKeyStore
  auditHeads: AuditHeadStore
}

/** What the program that runs a command brings along. */
export interface Surroundings {
  /** The command's words, without the program's own name. */
  words: string[]
  environment: NodeJS.ProcessEnv
  workingFolder: string
  /** Whose `.env` counts besides that of the data folder. */
  settingsFolder: string | null
  version: string
  /** The keychain of the person who runs the command; it is asked only when a command needs it. */
  keys: KeychainKeys
  /** What this person has the keychain keep for the command line, by name. */
  secrets: SecretKeeper
  stdin: Input
  stdout: Output
  stderr: Output
}

/** What every command may use. */
export interface CommandContext extends Surroundings {
  /** Where Aurelius keeps its data. */
  dataFolder: string
  /** The SQLite file the person named, if any. */
  databaseFile: string | undefined
  terminal: Terminal
}

/** Hands a command its context, once the options before and after its name are known. */
export type WithContext = <Rest extends unknown[]>(
  work: (context: CommandContext, ...rest: Rest) => Promise<void>,
) => (...rest: Rest) => Promise<void>

/** What `openLocal` needs to know to act on the database, from a command's context. */
export function actingOptions(context: CommandContext): ActingOptions {
  return {
    ...context,
    onUnsealed: (reason) =>
      context.terminal.note(`Entries in the audit log are sealed with a key that nobody keeps. ${reason}`),
  }
}
