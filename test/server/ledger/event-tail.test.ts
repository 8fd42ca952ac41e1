import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { LedgerEvent } from '../../../contracts/events'
import { openLedger } from '../../../server/ledger/ledger'
import { openBeside } from '../../support/beside'
import { makeStrategy } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a node hears what others write, once, in the order of ids, and nothing that was rolled back', async () => {
    const server = await startTestServer({ dialect })
    const sibling = await server.startSibling()
    const ada = await server.signUp('Ada')
    await makeStrategy(ada, { name: 'before' })
    const { database, audit } = await openBeside(server)
    const ledger = openLedger({
      ...{ database, audit, log: pino({ level: 'silent' }), now: Date.now },
      place: { config: server.config.database, password: server.secrets.databasePassword },
    })
    onTestFinished(ledger.close)
    const heard: LedgerEvent[] = []
    const stop = await ledger.tail.follow((events) => heard.push(...events))

    const nodes = [ada, ada.at(sibling.origin)]
    await Promise.all(Array.from({ length: 10 }, (_, index) => makeStrategy(nodes[index % 2] ?? ada)))
    await ada.post('/api/v1/strategies', { name: '' })
    await expect.poll(() => heard.length).toBe(10)
    stop()
    await makeStrategy(ada, { name: 'after' })
    await new Promise((resolve) => setTimeout(resolve, 700)) // longer than two looks

    const ids = heard.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other))
    expect(heard.map(({ strategy_name }) => strategy_name)).toEqual(Array(10).fill('Momentum'))
  })
})
