#!/usr/bin/env node
import { setTimeout as pause } from 'node:timers/promises'
import { runCli } from '../cli/index'
import { version } from '../package.json'
import { dataFolder } from '../server/data-folder'
import { auditHeadsThat, workOnAuditHeads } from './audit-heads'
import type { Keychain } from './keychain'
import { storeThat, unpacked, workOnSigningKeys } from './signing-key-messages'

// What it may create is for its owner alone.
process.umask(0o077)

// Whoever reads the output may stop reading, as `head` does.
process.stdout.on('error', () => process.exit())

// The packaged app is its own interpreter, and takes no settings from the folder it happens to be started in.
const isPackedApp = 'electron' in process.versions && !('defaultApp' in process)

let opened: Keychain | undefined

runCli({
  keys: {
    async read() {
      const [store, { readOrCreateSigningKeys }, { readOrCreateDataKey }] = await Promise.all([
        keychain(),
        import('./signing-keys'),
        import('./data-key'),
      ])
      return {
        signingKeys: await readOrCreateSigningKeys(store),
        dataKey: Buffer.from(await readOrCreateDataKey(store), 'base64url'),
      }
    },
    auditHeads: auditHeadsThat(async (work) => workOnAuditHeads(await keychain(), work)),
    signingKeys: storeThat(async (work) => {
      return unpacked(await workOnSigningKeys(await keychain(), dataFolder(process.env), work))
    }),
  },
  words: process.argv.slice(isPackedApp ? 1 : 2),
  environment: process.env,
  workingFolder: process.cwd(),
  settingsFolder: isPackedApp ? null : process.cwd(),
  version,
  secrets: {
    read: async (account) => (await keychain()).read(account),
    write: async (account, value) => (await keychain()).write(account, value),
    remove: async (account) => (await keychain()).remove(account),
  },
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
}).then(end)

/** Opened at its first use: most commands need none, and its library may be missing. */
async function keychain(): Promise<Keychain> {
  const { openKeychain } = await import('./keychain')
  opened ??= openKeychain()
  return opened
}

/** Ends the process for sure, after what was written has left it: an exit waits, without a limit, for a hung thread. */
async function end(exitCode: number): Promise<void> {
  await new Promise<void>((written) => process.stdout.write('', () => written()))
  const isBusy = () => process.getActiveResourcesInfo().includes('FSReqCallback')
  for (let turns = 0; turns < 20 && isBusy(); turns += 1) await pause(50)
  if (opened?.hasHungCall()) process.kill(process.pid, 'SIGKILL')
  process.exit(exitCode)
}
