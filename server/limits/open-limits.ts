import type { ServerSecrets } from '../config'
import type { Database } from '../db/database'
import { lastingSecret } from '../lasting-secret'
import type { Log } from '../log'
import { createLimits } from './limits'
import { openPostgresCounts } from './postgres-counts'
import { openSqliteCounts } from './sqlite-counts'

const CLEAN_UP_MS = 10 * 60_000

/** Takes up the counts where the last server left them, and forgets them in time. */
export async function openLimits(database: Database, secrets: ServerSecrets, log: Log, now: () => number) {
  const onTrouble = (error: unknown) => log.warn({ err: error }, 'writing counts of failed attempts failed')
  const counts =
    database.dialect === 'sqlite'
      ? await openSqliteCounts(database, { now, onTrouble })
      : openPostgresCounts(database, now)
  const cleanUp = setInterval(() => counts.removeExpired().catch(onTrouble), CLEAN_UP_MS)
  cleanUp.unref()
  return {
    limits: createLimits(counts, lastingSecret(secrets), now),
    async close() {
      clearInterval(cleanUp)
      await counts.close()
    },
  }
}
