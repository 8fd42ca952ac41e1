import { describe, expect, test } from 'vitest'
import { tradeSort } from '../../../contracts/backtests'
import { makeStrategy, send, someTrades, startRun } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

type Trades = { index: number; [column: string]: string | number }[]

async function pages(client: TestClient, run: string, sort: string, limit: number): Promise<Trades> {
  const all: Trades = []
  for (let cursor = ''; ; ) {
    const { body } = await client.get(`/api/v1/backtests/${run}/trades?sort=${sort}&limit=${limit}${cursor}`)
    all.push(...body.trades)
    if (body.next_cursor === null) return all
    cursor = `&cursor=${body.next_cursor}`
  }
}

function inOrder(trades: Trades, sort: string): Trades {
  const column = sort.replace('-', '')
  const sign = sort.startsWith('-') ? -1 : 1
  return [...trades].sort((one, other) => {
    const [a, b] = [one[column], other[column]] as [number, number]
    return sign * (a < b ? -1 : a > b ? 1 : 0) || one.index - other.index
  })
}

describe.each(DIALECTS)('on %s', (dialect) => {
  // The long one is sorted in a thread, which keeps it from page to page.
  test.each([
    ['few', 40, 25],
    ['many', 2_500, 1_000],
  ])('%s trades come in any order, page by page', async (_, count, limit) => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const { id } = await startRun(ada, await makeStrategy(ada))
    const rows = someTrades(count + 20).map((row, at) => ({
      ...row,
      quantity: 1 + (at % 7),
      instrument: `X${(2 * at + 1) % 3}`,
    }))
    const append = (from: number, to: number) =>
      send(
        ada,
        `/api/v1/backtests/${id}/trades?offset=${from}`,
        'application/json',
        JSON.stringify(rows.slice(from, to)),
      )
    expect((await append(0, count)).status).toBe(200)
    const recorded = await pages(ada, id, 'index', limit)
    expect(recorded).toHaveLength(count)

    const orders = tradeSort.options.filter((_, at) => count < 100 || at % 4 === 1)
    for (const sort of orders) expect(await pages(ada, id, sort, limit), sort).toEqual(inOrder(recorded, sort))

    // More of them have come since the thread took them in.
    await append(count, count + 20)
    const { body } = await ada.get(`/api/v1/backtests/${id}/trades?sort=-index&limit=1`)
    expect(body).toMatchObject({ total: count + 20, trades: [{ index: count + 19 }] })
  })
})
