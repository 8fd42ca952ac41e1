import { expect, test } from 'vitest'
import { faultsOf } from './audit'
import { heading, tokenIn, withBrowser } from './dashboard'
import { curve } from './recorded-run'

const { openSignedIn } = withBrowser()

/** As a tool with names of its own writes it; day and month cannot be told apart at first sight. */
const asCsv = (rows: [string, number | string][]) =>
  ['When;Depot;Note', ...rows.map(([at, value]) => `${at};${value};x`)].join('\n')
const trades = [
  'symbol,qty,entry_time,exit_time,entry_price,exit_price',
  'ES,2,2022-01-04T10:00:00Z,2022-01-05T10:00:00Z,100,101',
  'TY,-1,2022-01-06T10:00:00Z,2022-01-07T10:00:00Z,100,99',
].join('\n')

test('files are dropped, their columns assigned, faults told by line, and a run comes of it', async () => {
  const { page, server } = await openSignedIn('/', {}, { reducedMotion: 'reduce' })
  await page.goto('/import')
  await heading(page, 'Import a run').waitFor()
  const points = curve(300).map(([at, value]): [string, number] => [at.slice(0, 10), value])
  const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  const chooser = page.getByLabel('choose files')
  await chooser.setInputFiles([file('nothing.csv', 'x')])
  await page.getByText(/no file of a format that is read here/).waitFor()
  await page.getByRole('button', { name: 'Leave out nothing.csv' }).click()

  const faulty = points.map(([at, value], index): [string, number | string] => [at, index === 99 ? 'lots' : value])
  await chooser.setInputFiles([file('depot.csv', asCsv(faulty)), file('trades.csv', trades)])
  const depot = page.getByRole('region', { name: 'depot.csv' })
  await depot.getByLabel('Rows are').selectOption('equity')
  await depot.getByLabel('Time').selectOption('When')
  await depot.getByLabel('Equity').selectOption('Depot')
  await page.getByLabel('Name of the strategy').fill('Brought along')
  await page.getByLabel('Type', { exact: true }).fill('momentum')
  await page.getByLabel('Name of the run').fill('From the old tool')
  expect(await faultsOf(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 840 })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page
    .getByRole('list', { name: 'Faults in depot.csv' })
    .getByText(/^Line 101: /)
    .waitFor()
  const client = server.client.withToken(await tokenIn(page))
  expect((await client.get('/api/v1/strategies')).body.total).toBe(0)

  await page.getByRole('button', { name: 'Leave out depot.csv' }).click()
  await chooser.setInputFiles([file('depot.csv', asCsv(points))])
  await depot.getByLabel('Rows are').selectOption('equity')
  await depot.getByLabel('Time').selectOption('When')
  await depot.getByLabel('Equity').selectOption('Depot')
  await page.getByRole('button', { name: 'Import', exact: true }).click()

  await heading(page, 'From the old tool').waitFor()
  const { body } = await client.get('/api/v1/backtests')
  expect(body.backtests).toMatchObject([
    { status: 'completed', point_count: 300, trade_count: 2, data_source: 'Imported from trades.csv and depot.csv' },
  ])
})

test('a curve of 1970 is recorded; what is assumed is said first, and a second try makes no second strategy', async () => {
  const { page, server } = await openSignedIn('/', {}, { reducedMotion: 'reduce' })
  await page.goto('/import')
  const days = Array.from({ length: 40 }, (_, day) => new Date(Date.UTC(1970, 0, 1 + day)).toISOString().slice(0, 10))
  const text = ['time,equity', ...days.map((day, index) => `${day} 10:00,${1000 + index}`)].join('\n')
  await page
    .getByLabel('choose files')
    .setInputFiles([{ name: 'old.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }])
  const card = page.getByRole('region', { name: 'old.csv' })
  await card.getByText('Times without a zone are taken for UTC.').waitFor()
  await card.getByLabel('Equity', { exact: true }).selectOption('')
  await card.getByText(/Say which column is the equity/).waitFor()
  expect(await card.getByText('Times without a zone').count()).toBe(0)
  await card.getByLabel('Equity', { exact: true }).selectOption('equity')

  await page.getByLabel('Name of the strategy').fill('Old times')
  await page.getByLabel('Type', { exact: true }).fill('carry')
  await page.route('**/api/v1/backtests', (route) => route.abort())
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('alert').getByText('The server cannot be reached.').waitFor()
  await page.unroute('**/api/v1/backtests')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.waitForURL('**/backtests/*')

  const client = server.client.withToken(await tokenIn(page))
  expect((await client.get('/api/v1/strategies')).body.total).toBe(1)
  const { body } = await client.get('/api/v1/backtests')
  expect(body.backtests).toMatchObject([{ status: 'completed', point_count: 40 }])
})
