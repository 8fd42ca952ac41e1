import { onTestFinished } from 'vitest'
import type { Migration } from '../../migrations/migration'
import type { ServerConfig, ServerSecrets } from '../../server/config'
import { openDatabase } from '../../server/db/connect'
import type { Database } from '../../server/db/database'

export interface OpenOptions {
  migrations?: Migration[]
  onProgress?(step: string): void
}

/** Opens a database as the server does when it starts, and closes it when the test ends. */
export async function openTestDatabase(
  { config, secrets }: { config: ServerConfig; secrets: ServerSecrets },
  { onProgress = () => undefined, migrations }: OpenOptions = {},
): Promise<Database> {
  const database = await openDatabase(config.database, secrets.databasePassword, {
    onProgress,
    onStatement: () => undefined,
    ...(migrations ? { migrations } : {}),
  })
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= database.close()
    return closed
  }
  onTestFinished(close)
  return { ...database, close }
}
