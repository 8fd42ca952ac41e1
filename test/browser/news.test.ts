import { expect, test } from 'vitest'
import type { Backtest } from '../../contracts/backtests'
import { faultsOf } from './audit'
import { heading, signUp, tokenIn, withBrowser } from './dashboard'

const { openDashboard } = withBrowser()

test('an empty ledger offers a sample that says what it is, and home tells what is new after it', async () => {
  const { page, server } = await openDashboard()
  await signUp(page)
  await page.getByText('Nothing is recorded yet.').waitFor()
  await page.getByRole('button', { name: 'Copy script' }).waitFor()
  await page.getByRole('button', { name: 'Load a sample on real prices' }).click()
  await heading(page, 'Sample: momentum of eight currencies').waitFor()
  const client = server.client.withToken(await tokenIn(page))
  const { body } = await client.get('/api/v1/backtests')
  // Computed once more, by other code, from the same file of rates.
  const figures = body.backtests.map((run: Backtest) => [run.label, run.point_count, run.total_return?.toFixed(5)])
  expect(figures).toEqual([
    ['Sample, looks back 12 months', 582, '1.02826'],
    ['Sample, looks back 6 months', 588, '0.61520'],
  ])
  const origin = /Source: Board of Governors of the Federal Reserve System.*Licence: Public domain/
  await page.getByText(origin).waitFor()
  await page.getByRole('link', { name: 'Sample, looks back 12 months', exact: true }).first().click()
  await page.getByText(/^Sample\. US dollars for one unit of each currency.*Federal Reserve.*Public domain/).waitFor()

  await page.goto('/')
  await page.getByText('was evaluated at the gate dev').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await client.post('/api/v1/backtests', {
    strategy_id: body.backtests[0].strategy_id,
    label: 'Overnight',
    expected_points: 10,
  })
  await page.reload()

  await page.getByText('One thing is new.').waitFor()
  const news = page.getByRole('region', { name: 'Since you last looked' }).getByRole('listitem')
  await news.filter({ hasText: 'has a run that started New' }).waitFor()
  expect(await news.getByText('New', { exact: true }).count()).toBe(1)
  const running = page.getByRole('region', { name: 'Runs in progress' })
  await running.getByRole('link', { name: 'Overnight' }).waitFor()
  await page.reload()
  await page.getByText('Nothing new. What happened before:').waitFor()
})
