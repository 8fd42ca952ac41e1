import type { Output, Terminal } from './terminal'

/** What the program that runs a command brings along. */
export interface Surroundings {
  /** The command's words, without the program's own name. */
  words: string[]
  environment: NodeJS.ProcessEnv
  workingFolder: string
  /** Whose `.env` counts besides that of the data folder. */
  settingsFolder: string | null
  version: string
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
