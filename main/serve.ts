import { join } from 'node:path'
import { version } from '../package.json'
import { serve } from '../server/headless'
import { EXIT, StartError } from '../server/start-error'
import { answerParent, HELPER_ARGUMENT, keychainSigningKey } from './keychain-helper'

// The database and the runtime file are for their owner alone.
process.umask(0o077)

async function main(): Promise<void> {
  const server = await serve({
    environment: process.env,
    workingFolder: process.cwd(),
    version,
    rendererFolder: join(__dirname, '..', 'renderer'),
    keychainSigningKey: () => keychainSigningKey(__filename),
    temporaryKeyAllowed: process.argv.includes('--temporary-key'),
    // stdout is the log.
    say: (sentence) => console.error(sentence),
  })
  const stop = async () => {
    await server.close()
    process.exit(0)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function fail(error: unknown): never {
  const isForPeople = error instanceof StartError
  console.error(isForPeople ? error.message : error)
  process.exit(isForPeople ? error.exitCode : EXIT.software)
}

if (process.argv[2] === HELPER_ARGUMENT) answerParent()
else main().catch(fail)
