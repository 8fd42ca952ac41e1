import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditHead } from '../../contracts/audit-log'
import { auditHeadName } from '../../server/audit/mirror'
import { openSqliteFile } from '../support/sqlite-file'
import { launch, register, startSession } from './launch'

test('the app leaves the end of its audit log in the keychain when it quits', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page)

  await app.close()

  const storage = join(session.dataFolder, 'aurelius.db')
  const name = auditHeadName({ dialect: 'sqlite', storage, echo: false })
  const remembered = auditHead.parse(JSON.parse((await session.secret(name)) ?? 'null'))
  const file = await openSqliteFile(storage)
  const [newest] = await file.all('SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1')
  await file.close()
  expect({ seq: remembered.seq, hash: remembered.hash }).toEqual(newest)
})
