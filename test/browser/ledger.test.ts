import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { faultsOf, faultsOfEvery } from './audit'
import { heading, tokenIn, withBrowser } from './dashboard'
import { curve, recordRun } from './recorded-run'

const { openSignedIn } = withBrowser()

test('an empty ledger says how to begin, and a strategy is made from there', async () => {
  const { page } = await openSignedIn()
  await page.getByRole('link', { name: 'Strategies' }).click()
  await page.getByText('Nothing is recorded yet').waitFor()
  await page.getByRole('button', { name: 'New strategy' }).click()
  await page.getByRole('button', { name: 'Create' }).click()
  expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true')

  await page.getByLabel('Name').fill('Carry of G10 currencies')
  await page.getByRole('dialog').getByLabel('Type').fill('carry')
  await page.getByLabel('Description').fill('Long high rates, short low ones.')
  await page.getByRole('button', { name: 'Create' }).click()

  await heading(page, 'Carry of G10 currencies').waitFor()
  await page.getByText('No run is recorded yet').waitFor()
})

test('strategies are searched, narrowed and archived', async () => {
  const { page, client } = await openLedger()
  for (const [name, strategy_type] of [
    ['Trend of futures', 'momentum'],
    ['Pairs of banks', 'mean reversion'],
  ])
    await client.post('/api/v1/strategies', { name, strategy_type })
  await page.getByRole('link', { name: 'Strategies' }).click()
  const table = page.getByRole('table', { name: 'Strategies' })
  await expect.poll(() => table.getByRole('row').count()).toBe(3)

  await page.getByLabel('Search').fill('banks')
  await expect.poll(() => table.getByRole('row').count()).toBe(2)
  await page.getByLabel('Search').fill('nothing like it')
  await page.getByText('No strategy is like that.').waitFor()
  await page.getByLabel('Search').fill('')
  await page.getByLabel('Type').selectOption('momentum')
  await table.getByRole('link', { name: 'Trend of futures' }).click()
  await page.getByRole('button', { name: 'Archive' }).click()
  await page.getByRole('button', { name: 'Restore' }).waitFor()
  await page.getByRole('link', { name: 'All strategies' }).click()

  await table.getByRole('link', { name: 'Pairs of banks' }).waitFor()
  await expect.poll(() => table.getByText('Trend of futures').count()).toBe(0)
})

test('a run shows its curve, the figures the server computed, its months and its trades', async () => {
  const { page, client } = await openLedger()
  const { run, strategyId } = await recordRun(client)
  await page.goto(`/strategies/${strategyId}`)
  await page.getByRole('table', { name: 'Runs' }).getByRole('link', { name: 'Baseline' }).click()
  await heading(page, 'Baseline').waitFor()

  await expect.poll(() => page.locator('canvas').count()).toBe(3)
  const zoomOut = page.getByRole('button', { name: 'Whole run' })
  expect(await zoomOut.isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await zoomOut.click()
  // The wheel zooms with Ctrl where it points, and moves with Shift; both charts follow, and then their points.
  const stretches: string[] = []
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    if (pathname.endsWith('/curve') && searchParams.has('from')) stretches.push(searchParams.get('from') ?? '')
  })
  await page.locator('.u-over').first().hover()
  await page.keyboard.down('Control')
  await page.mouse.wheel(0, -300)
  await page.keyboard.up('Control')
  await expect.poll(() => stretches.length).toBe(1)
  await page.keyboard.down('Shift')
  await page.mouse.wheel(-40, 0)
  await page.keyboard.up('Shift')
  await expect.poll(() => stretches.length).toBe(2)
  expect(Number(stretches[1])).toBeLessThan(Number(stretches[0]))
  await zoomOut.click()
  const figures = page.getByRole('region', { name: 'Figures' })
  const shown = `${(run.metrics.figures.total_return * 100).toFixed(2)}%`.replace('-', '−')
  await figures.getByText(shown, { exact: true }).first().waitFor()
  await figures.getByRole('button', { name: 'Sharpe ratio', exact: true }).hover()
  await page.getByRole('tooltip').getByText('Sharpe (1994)').waitFor()
  await page.getByRole('region', { name: 'Figures' }).getByText('the script says 9.00').waitFor()
  await page.getByRole('table', { name: 'Monthly returns' }).getByRole('row', { name: '2022' }).waitFor()
  const trades = page.getByRole('table', { name: 'Trades' })
  await trades.getByRole('button', { name: 'Profit' }).click()
  await trades.getByRole('columnheader', { name: 'Profit' }).getByText('↑').waitFor()

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ])
  expect((await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')).toHaveLength(run.trade_count + 1)
  await page.getByRole('img', { name: /How 699 returns are spread/ }).waitFor()
  await page.getByLabel('Returns that it looks back on').selectOption('252')
  await page.getByRole('img', { name: /Sharpe ratio of the last 252 returns/ }).waitFor()

  expect(Number(await trades.getAttribute('aria-rowcount'))).toBe(run.trade_count + 1)
  expect(await trades.getByRole('row').count(), 'only the rows in sight are there').toBeLessThan(80)
})

test('a curve is cut into windows by a rule that is stated first', async () => {
  const { page, client } = await openLedger()
  const { run } = await recordRun(client)
  await page.goto(`/backtests/${run.id}`)
  await page.getByLabel('In sample, days').fill('a year')
  await page.getByRole('button', { name: 'Cut windows' }).click()
  expect(await page.getByLabel('In sample, days').getAttribute('aria-invalid')).toBe('true')
  await page.getByLabel('In sample, days').fill('3000')
  await page.getByRole('button', { name: 'Cut windows' }).click()
  await page.getByText('The curve is too short for one window of this plan').waitFor()
  await page.getByLabel('In sample, days').fill('180')
  await page.getByLabel('Out of sample, days').fill('90')
  await page.getByLabel('Windows, at least').fill('50')
  await page.getByRole('button', { name: 'Cut windows' }).click()

  await page.getByRole('heading', { level: 1, name: /^Validation, / }).waitFor()
  await page
    .getByRole('table', { name: 'Rule and verdict' })
    .getByRole('row', { name: /at least 50 Failed/ })
    .waitFor()
  const { body } = await client.get(`/api/v1/strategies/${run.strategy_id}/validations`)
  const windows = page.getByRole('table', { name: 'Windows' })
  expect(await windows.getByRole('row').count()).toBe(body.validations[0].window_count + 1)
  expect(await faultsOf(page)).toEqual([])
})

test('runs are picked from a list and compared: the best is marked in words, and what differs is told', async () => {
  const { page, client } = await openLedger()
  const { run, strategyId } = await recordRun(client)
  const better = {
    strategy_id: strategyId,
    label: 'Steadier',
    seed: 8,
    equity: curve(500).map(([at], day) => [at, 1e5 + 80 * day + (day % 3)]),
  }
  await client.post('/api/v1/backtests/record', better)
  await page.goto(`/strategies/${strategyId}`)
  await page.getByRole('checkbox', { name: 'Compare Baseline' }).check()
  await page.getByRole('checkbox', { name: 'Compare Steadier' }).check()
  await page.getByRole('link', { name: 'Compare 2 runs' }).click()
  await heading(page, 'Compare runs').waitFor()

  const sharpe = page.getByRole('table', { name: 'Figures', exact: true }).getByRole('row', { name: /^Sharpe ratio/ })
  expect((await sharpe.innerText()).split('\t').map((cell) => cell.includes('best'))).toEqual([false, false, true])
  await page.getByRole('table', { name: 'What differs' }).getByRole('row', { name: 'seed 7 8' }).waitFor()
  await page.getByText('Each is 100 on 3 Jan 2022').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: /^Leave out B/ }).click()
  await expect.poll(() => new URL(page.url()).search).toBe(`?runs=${run.id}`)
})

test('a curve grows on the page while a script streams it', async () => {
  const { page, client } = await openLedger()
  const { body: strategy } = await client.post('/api/v1/strategies', { name: 'Streamed', strategy_type: 'test' })
  const { body: run } = await client.post('/api/v1/backtests', { strategy_id: strategy.id, expected_points: 400 })
  const points = curve(400)
  await page.goto(`/backtests/${run.id}`)
  await page.getByText('The curve appears here with its first points.').waitFor()

  await client.post(`/api/v1/backtests/${run.id}/points?offset=0`, points.slice(0, 200))
  await page.getByText('200 points').waitFor()
  await page.getByText('Running 50 %').waitFor()
  await client.post(`/api/v1/backtests/${run.id}/points?offset=200`, points.slice(200))
  await client.post(`/api/v1/backtests/${run.id}/complete`, {})

  await page.getByText('400 points').waitFor()
  await page.getByText('Completed').waitFor()
})

test('pages of the ledger are accessible in both themes, and need no sideways scrolling at any width', async () => {
  const { page, client } = await openLedger()
  const { run, strategyId } = await recordRun(client)
  await client.post(`/api/v1/strategies/${strategyId}/gates/crv/evaluate`, {})
  async function* everyPage() {
    for (const [path, name] of [
      ['/strategies', 'Strategies'],
      [`/strategies/${strategyId}`, 'Trend of futures'],
      [`/backtests/${run.id}`, 'Baseline'],
      [`/strategies/${strategyId}/gates/crv`, 'Gate CRV'],
      ['/gates', 'Gates'],
      ['/gates/dev', 'Policy of the gate Dev'],
    ] as const) {
      await page.goto(path)
      await heading(page, name).waitFor()
      await expect.poll(() => page.getByRole('status').getByText('Loading').count()).toBe(0)
      yield name
    }
  }

  expect(await faultsOfEvery(page, everyPage())).toEqual([])
})

async function openLedger() {
  const { server, page } = await openSignedIn()
  return { page, client: server.client.withToken(await tokenIn(page)) }
}

test('a report fits on one sheet and leaves the window out', async () => {
  const { page, client } = await openLedger()
  const { strategyId } = await recordRun(client)
  await page.goto(`/strategies/${strategyId}`)
  await page.getByRole('link', { name: 'Report on one page' }).click()
  await heading(page, 'Report: Trend of futures').waitFor()
  await page.getByText('Sharpe ratio', { exact: true }).waitFor()
  await expect.poll(() => page.locator('canvas').count()).toBe(2)
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Print' }).waitFor()
  expect(await page.getByRole('button', { name: 'Save as PDF' }).count(), 'the browser saves by printing').toBe(0)

  const sheets = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g)
  expect(sheets).toHaveLength(1)
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByRole('banner').isVisible()).toBe(false)
})

test('charts and heat maps are printed in the colours of paper, whatever theme the window has', async () => {
  const { page, client } = await openLedger()
  const { run } = await recordRun(client)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(`/backtests/${run.id}`)
    await page.getByRole('table', { name: 'Monthly returns' }).waitFor()
    await expect.poll(() => page.locator('canvas').count()).toBeGreaterThanOrEqual(3)
    await page.evaluate(() => {
      const ofChart = () => {
        const chart = document.querySelector('canvas') as HTMLCanvasElement
        const copy = new OffscreenCanvas(chart.width, chart.height).getContext('2d', { willReadFrequently: true })
        copy?.drawImage(chart, 0, 0)
        const data = copy?.getImageData(0, 0, chart.width, chart.height).data ?? []
        const counts = new Map<string, number>()
        for (let at = 0; at < data.length; at += 4)
          if (data[at + 3] === 255) {
            const colour = [data[at], data[at + 1], data[at + 2]].join()
            counts.set(colour, (counts.get(colour) ?? 0) + 1)
          }
        const isLine = (colour: string) => {
          const [red = 0, , blue = 0] = colour.split(',').map(Number)
          return red - blue > 60
        }
        return [...counts].filter(([colour]) => isLine(colour)).sort(([, one], [, other]) => other - one)[0]?.[0]
      }
      const seen = { ofChart, printed: '', heat: '' }
      Object.assign(globalThis, { seen })
      addEventListener('beforeprint', () => {
        seen.printed = ofChart() ?? ''
        seen.heat = getComputedStyle(document.querySelector('table[aria-label="Monthly returns"] td') as Element).color
      })
    })
    await page.pdf()
    const { printed, heat, shown } = await page.evaluate(() => {
      const { seen } = globalThis as unknown as { seen: { printed: string; heat: string; ofChart(): string } }
      return { ...seen, ofChart: undefined, shown: seen.ofChart() }
    })
    expect({ colorScheme, printed, heat, shown }).toEqual({
      colorScheme,
      printed: '133,87,0',
      heat: 'rgb(19, 24, 32)',
      shown: colorScheme === 'dark' ? '237,191,90' : '133,87,0',
    })
  }
})
