import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { version } from '../package.json'
import { serve } from '../server/headless'
import { EXIT, StartError } from '../server/start-error'
import { answerParent, HELPER_ARGUMENT, keychainOf } from './keychain-helper'

const UNEXPECTED = 'Aurelius met an unexpected error: the log has the details.'

// The database and the runtime file are for their owner alone.
process.umask(0o077)

async function main(): Promise<void> {
  const server = await serve({
    environment: process.env,
    workingFolder: process.cwd(),
    version,
    rendererFolder: join(__dirname, '..', 'renderer'),
    keychain: keychainOf(__filename),
    temporaryKeyAllowed: process.argv.includes('--temporary-key'),
    // stdout is the log.
    say: (sentence) => console.error(sentence),
  })
  const stop = () => server.close().then(() => end(0), fail)
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function fail(error: unknown): Promise<void> {
  const isForPeople = error instanceof StartError
  console.error(isForPeople ? error.message : UNEXPECTED)
  return end(isForPeople ? error.exitCode : EXIT.software)
}

/** Ends the process for sure: an exit waits, without a limit, for a write to a pipe that nobody reads. */
async function end(exitCode: number): Promise<void> {
  const isWriting = () => process.getActiveResourcesInfo().includes('FSReqCallback')
  for (let turns = 0; turns < 20 && isWriting(); turns += 1) await pause(50)
  if (isWriting()) process.kill(process.pid, 'SIGKILL')
  process.exit(exitCode)
}

if (process.argv[2] === HELPER_ARGUMENT) answerParent(process.argv[3])
else main().catch(fail)
