import { join } from 'node:path'
import { version } from '../package.json'
import { serve } from '../server/headless'
import { EXIT, StartError } from '../server/start-error'

// The database and the runtime file are for their owner alone.
process.umask(0o077)

async function keychainSigningKey(): Promise<Uint8Array> {
  // Loaded only where it is asked for: a server with SECRET_KEY needs no keychain library on its machine.
  const [{ openKeychain }, { readOrCreateSigningKey }] = await Promise.all([
    import('./keychain'),
    import('./signing-key'),
  ])
  return Buffer.from(await readOrCreateSigningKey(openKeychain()), 'base64url')
}

async function main(): Promise<void> {
  const server = await serve({
    environment: process.env,
    workingFolder: process.cwd(),
    version,
    rendererFolder: join(__dirname, '..', 'renderer'),
    keychainSigningKey,
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

main().catch((error: unknown) => {
  const isForPeople = error instanceof StartError
  console.error(isForPeople ? error.message : error)
  process.exit(isForPeople ? error.exitCode : EXIT.software)
})
