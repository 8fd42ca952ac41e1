import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { TestServer } from '../support/start-test-server'
import { heading, signIn, tokenIn, withBrowser } from './dashboard'
import { curve, recordRun } from './recorded-run'

const { openPage, openSignedIn } = withBrowser()
const GRACE = { email: 'grace@example.com', password: 'a long enough password', name: 'Grace Administrator' }

test('a strategy goes to a gate, what is missing is said, and somebody else promotes it', async () => {
  const { page, server, strategyId } = await openSharedStrategy()
  await page.goto(`/strategies/${strategyId}`)
  await page.getByRole('region', { name: 'Gates' }).getByText('Not evaluated').nth(2).waitFor()
  await page.getByRole('region', { name: 'Gates' }).getByRole('link', { name: 'CRV' }).click()
  await heading(page, 'Gate CRV').waitFor()
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await page.getByText('No validation is recorded for version 1').waitFor()
  const checks = page.getByRole('table', { name: 'Checks' })
  await checks.getByRole('row', { name: /Out-of-sample Sharpe ratio — at least 0.50 Inconclusive/ }).waitFor()
  await page.getByText('Version 1 stands at research: it goes one stage at a time.').waitFor()

  await page.getByRole('link', { name: 'Cut the run' }).waitFor()

  await page.goto(`/strategies/${strategyId}/gates/dev`)
  await page.getByText('Evaluate the gate first.').waitFor()
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await page.getByRole('button', { name: 'Ask for promotion' }).click()
  await page.getByText('Say why it should go on.').waitFor()
  await page.getByLabel('Why should it go on?').fill('Enough history.')
  await page.getByRole('button', { name: 'Ask for promotion' }).click()
  await page.getByText('It waits for a reviewer; your role does not decide.').waitFor()
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)

  const reviewer = await openPage(server.origin)
  await asGrace(reviewer, `/strategies/${strategyId}/gates/dev`)
  await reviewer.getByText('Enough history.').waitFor()
  await reviewer.getByRole('button', { name: 'Approve' }).click()
  await reviewer.getByText('Say why you decide so.').waitFor()
  await reviewer.getByLabel('Why do you decide so?').fill('I looked at the trades.')
  await reviewer.getByRole('button', { name: 'Approve' }).click()
  await reviewer.getByText('Version 1 has reached this stage.').waitFor()
  await reviewer.getByText('Version 1: approved by Grace Administrator').waitFor()
})

test('which version and which run are evaluated can be chosen; the newest are, where nothing is', async () => {
  const { page, server, strategyId } = await openSharedStrategy()
  const ada = server.client.withToken(await tokenIn(page))
  const [{ id: first }] = (await ada.get(`/api/v1/backtests?strategy_id=${strategyId}`)).body.backtests
  const again = { strategy_id: strategyId, label: 'Shorter', equity: curve(300) }
  await ada.post('/api/v1/backtests/record', again)
  await ada.post(`/api/v1/strategies/${strategyId}/versions`, { parameters: { lookback: 63 } })
  const results = async () => (await ada.get(`/api/v1/strategies/${strategyId}/gate-results`)).body.gate_results

  await page.goto(`/strategies/${strategyId}/gates/dev`)
  expect(await page.getByLabel('Version').inputValue()).toBe('2')
  await page.getByRole('option', { name: 'None for version 2' }).first().waitFor({ state: 'attached' })
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await page.getByText('No completed run is recorded for version 2').waitFor()
  await page.getByLabel('Version').selectOption('1')
  await page.getByText('Version 1 was not held against this gate yet.').waitFor()
  await page.getByLabel('Run').selectOption('Baseline')
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await page.getByText('This is a result of version 1; the newest version is 2.').waitFor()

  expect(await results()).toMatchObject([
    { strategy_version: 1, evidence: { backtest: { id: first } } },
    { strategy_version: 2, evidence: { backtest: null } },
  ])
  await page.getByText('The newest evaluation has to pass first.').waitFor() // of version 2, which is promoted
})

test('a reviewer changes a policy: faults are told by line, and what it would say before it counts', async () => {
  const { page, server, strategyId } = await openSharedStrategy()
  await page.goto('/gates/dev')
  await page.getByText('Reviewers change it here; you may read it.').waitFor()
  await page.goto(`/strategies/${strategyId}/gates/dev`)
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await page.getByRole('table', { name: 'Checks' }).waitFor()

  const reviewer = await openPage(server.origin)
  await asGrace(reviewer, '/gates/dev')
  const document = reviewer.getByLabel('Policy in YAML or JSON')
  const text = await document.inputValue()
  const inForce = reviewer.getByRole('button', { name: 'Put in force as version 2' })
  await document.fill(text.replace('threshold: 30', 'threshold: many'))
  await reviewer.getByText('A threshold is a number').waitFor()
  expect(await inForce.isDisabled()).toBe(true)
  await reviewer.getByRole('button', { name: /^Line \d+$/ }).click()
  expect(await reviewer.evaluate(() => getSelection()?.toString())).toBe('    threshold: many')

  await document.fill(text.replace('threshold: 30', 'threshold: 3000'))
  await reviewer.getByText('One verdict would be another one.').waitFor()
  await reviewer
    .getByRole('table', { name: 'What it would say' })
    .getByRole('row', { name: /Passed Failed Trades/ })
    .waitFor()
  await reviewer.getByLabel('Why it changes').fill('More trades')
  await inForce.click()

  await reviewer.getByText('Document, version 2 in force').waitFor()
  await reviewer.getByText('More trades').waitFor()
})

/** A strategy in a workspace that the reviewer sees, with a run whose data can be named. */
async function openSharedStrategy() {
  const { server, page } = await openSignedIn()
  const client = server.client.withToken(await tokenIn(page))
  const { body: workspace } = await client.post('/api/v1/workspaces', { name: 'Desk' })
  await client.post(`/api/v1/workspaces/${workspace.id}/members`, { email: GRACE.email, role: 'viewer' })
  const { strategyId } = await recordRun(client, { workspace_id: workspace.id })
  return { page, server, strategyId } satisfies { page: Page; server: TestServer; strategyId: string }
}

async function asGrace(page: Page, path: string) {
  await page.goto('/sign-in')
  await signIn(page, GRACE.email, GRACE.password)
  await heading(page, 'Overview').waitFor()
  await page.goto(path)
}
