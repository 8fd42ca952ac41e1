import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import type { DatabaseConfig } from '../../server/config'
import { openDatabase } from '../../server/db/connect'

declare module 'vitest' {
  interface ProvidedContext {
    /** An empty SQLite database that the migrations made; missing where a project did not ask for it. */
    migratedFile: string | undefined
  }
}

/** Lets the migrations make one database for the whole run, of which each test server gets a copy. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-migrated-'))
  const storage = join(folder, 'migrated.db')
  await migrateEmpty({ dialect: 'sqlite', storage, echo: false })
  project.provide('migratedFile', storage)
  return () => rmSync(folder, { recursive: true, force: true })
}

export async function migrateEmpty(config: DatabaseConfig, password?: string): Promise<void> {
  const nothing = () => undefined
  const database = await openDatabase(config, password, { onProgress: nothing, onStatement: nothing })
  await database.close()
}

/** Puts a copy of the run's migrated database where there is none yet. */
export function copyMigrated(from: string | undefined, { database }: { database: DatabaseConfig }): void {
  if (from === undefined || database.dialect !== 'sqlite' || existsSync(database.storage)) return
  copyFileSync(from, database.storage)
  chmodSync(database.storage, 0o600)
}
