import { expect } from 'vitest'
import type { ServerConfig, ServerSecrets } from '../../server/config'
import { startServer } from '../../server/index'
import { StartError } from '../../server/start-error'

const INNARDS = /SELECT .*FROM|INSERT INTO|(CREATE|ALTER) (TABLE|INDEX)|PRAGMA|VACUUM|SQLITE_|Sequelize|Error:|\n/

/** Starts a server that must not come up, and answers why: one sentence for people, and the exit code. */
export async function failedStart(config: ServerConfig, secrets: ServerSecrets): Promise<StartError> {
  const failure = await startServer(config, secrets).then(
    (server) => server.close(),
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(StartError)
  const refusal = failure as StartError
  expect(refusal.message).toMatch(/^[A-Z].*\.$/)
  expect(refusal.message).not.toMatch(INNARDS)
  if (secrets.databasePassword) expect(refusal.message).not.toContain(secrets.databasePassword)
  return refusal
}
