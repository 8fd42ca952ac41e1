import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The folder that holds a person's database, settings and runtime file: the one Electron gives an app of this name,
 * so that the desktop app and the headless server on one machine show the same accounts.
 */
export function dataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Aurelius')
  if (platform === 'win32') return join(environment.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'Aurelius')
  return join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'Aurelius')
}
