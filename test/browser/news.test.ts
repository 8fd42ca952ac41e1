import { expect, test } from 'vitest'
import { faultsOf } from './audit'
import { heading, signUp, tokenIn, withBrowser } from './dashboard'

const { openDashboard } = withBrowser()

test('an empty ledger offers a sample that says what it is, and home tells what is new after it', async () => {
  const { page, server } = await openDashboard()
  await signUp(page)
  await page.getByText('Nothing is recorded yet.').waitFor()
  await page.getByRole('button', { name: 'Copy script' }).waitFor()
  await page.getByRole('button', { name: 'Load a sample with made-up prices' }).click()
  await heading(page, 'Sample: a rule on made-up prices').waitFor()
  const client = server.client.withToken(await tokenIn(page))
  const { body } = await client.get('/api/v1/backtests')
  for (const run of body.backtests) {
    expect(run.data_source).toBe('Made up by Aurelius: a random walk with seed 7, no market prices')
    expect(run.trade_count).toBeGreaterThan(10)
  }
  expect(body.total).toBe(2)

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
