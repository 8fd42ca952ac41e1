import type { Browser, Page } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../../test/support/find-chromium'
import { connectLedger, equityLines } from '../support/ledger-client'
import { type Product, startProduct } from '../support/product'
import type { Result } from '../support/report'
import { interleave, median, quantile } from '../support/statistics'

const POINTS = 1_000_000
const ROUNDS = 2
const SECONDS = 4
const FRAME_MS = 1000 / 60
const LATE_MS = 1.5 * FRAME_MS // the frame before it was dropped
const GESTURES = {
  'zooming by wheel': { modifier: 'Control', turn: (at: number) => [0, at % 40 < 25 ? -60 : 60] },
  'moving by wheel': { modifier: 'Shift', turn: (at: number) => [at % 40 < 20 ? 40 : -40, 0] },
  'zooming by dragging': { modifier: null, turn: null },
} as const

interface Frames {
  median: number
  p95: number
  dropped: number // share of those that should have been drawn, per cent
}

/**
 * How a run of 1,000,000 points is zoomed and moved in Chromium, both charts together: the time from frame to frame while
 * a person's gestures come in as fast as the browser takes them, held against 60 frames a second and against an empty
 * page under the same gestures. There is no graphics card here: Chromium draws by software.
 */
export async function chart(): Promise<Result[]> {
  const { chromium } = await import('playwright-core')
  const product = await startProduct(1)
  const id = await storeRun(product)
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS })
  const page = await openRun(browser, product, id)
  const empty = await (await browser.newContext({ viewport: VIEWPORT })).newPage()
  const results: Result[] = []
  for (const [what, gesture] of Object.entries(GESTURES)) {
    const pairs = await interleave(
      ROUNDS,
      () => measure(page, gesture),
      () => measure(empty, gesture),
    )
    const of = (side: 'ours' | 'other', figure: keyof Frames) => median(pairs.map((pair) => pair[side][figure]))
    const row = (name: string, figure: 'median' | 'p95'): Result[] => {
      const [ours, other] = [of('ours', figure), of('other', figure)]
      return [
        {
          what: `${what}, ${name} frame`,
          comparedWith: '60 frames a second',
          unit: 'ms',
          ours,
          other: FRAME_MS,
          ratio: ours / FRAME_MS,
          ...(figure === 'median' ? { target: { atMost: 1.05 } } : {}),
        },
        { what: '  the same', comparedWith: 'an empty page', unit: 'ms', ours, other, ratio: ours / other },
      ]
    }
    const dropped = of('ours', 'dropped')
    results.push(...row('median', 'median'), ...row('95th percentile', 'p95'), {
      what: '  frames dropped',
      comparedWith: `limit; ${of('other', 'dropped').toFixed(1)} % on an empty page`,
      unit: '%',
      ours: dropped,
      other: 5,
      ratio: dropped / 5,
      target: { atMost: 1 },
    })
  }
  await browser.close()
  await product.server.end()
  return results
}

const VIEWPORT = { width: 1280, height: 900 }

async function storeRun(product: Product): Promise<string> {
  const client = connectLedger(product.server.value, product.token())
  const { id: strategy_id } = await client.post('/api/v1/strategies', { name: 'Bench', strategy_type: 'bench' })
  const { id } = await client.post('/api/v1/backtests', { strategy_id, label: 'A million minutes' })
  const points = Buffer.from(['time,equity', ...equityLines(POINTS)].join('\n'))
  await client.post(`/api/v1/backtests/${id}/points?offset=0`, points, 'text/csv')
  await client.post(`/api/v1/backtests/${id}/complete`, {})
  return String(id)
}

async function openRun(browser: Browser, { server, credentials }: Product, id: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: `http://127.0.0.1:${server.value}`, viewport: VIEWPORT })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(credentials.email)
  await page.getByLabel('Password', { exact: true }).fill(credentials.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  await page.goto(`/backtests/${id}`)
  await page.getByText('1,000,000 points').waitFor()
  await page.locator('canvas').nth(1).waitFor()
  await page.getByRole('status').getByText('Loading').first().waitFor({ state: 'detached' })
  return page
}

async function measure(page: Page, { modifier, turn }: (typeof GESTURES)[keyof typeof GESTURES]): Promise<Frames> {
  await page.bringToFront()
  const box = (await page
    .locator('canvas')
    .first()
    .boundingBox({ timeout: 500 })
    .catch(() => null)) ?? {
    ...{ x: 100, y: 300, width: 1000, height: 300 },
  }
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  if (modifier === 'Shift') await zoomIn(page) // the whole cannot be moved
  const frames = page.evaluate(timesOfFrames, SECONDS * 1000)
  const until = Date.now() + SECONDS * 1000
  if (modifier) await page.keyboard.down(modifier)
  for (let at = 0; Date.now() < until; at += 1) {
    if (turn) {
      const [across = 0, down = 0] = turn(at)
      await page.mouse.wheel(across, down)
    } else await drag(page, x, y, at)
  }
  if (modifier) await page.keyboard.up(modifier)
  const times = await frames
  const whole = page.getByRole('button', { name: 'Whole run' })
  if ((await whole.count()) > 0 && (await whole.isEnabled())) await whole.click()
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  const missed = gaps.reduce((sum, gap) => sum + (gap > LATE_MS ? Math.round(gap / FRAME_MS) - 1 : 0), 0)
  return { median: median(gaps), p95: quantile(gaps, 0.95), dropped: (100 * missed) / (gaps.length + missed) }
}

async function zoomIn(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Zoom in' })
  if ((await button.count()) === 0) return
  for (let step = 0; step < 4; step += 1) await button.click()
  await page.waitForLoadState('networkidle')
}

/** A stretch is drawn over the chart; each drag zooms into the one before, and after eight it begins anew. */
async function drag(page: Page, x: number, y: number, at: number): Promise<void> {
  await page.mouse.move(x - 300, y)
  await page.mouse.down()
  for (let step = 1; step <= 12; step += 1) await page.mouse.move(x - 300 + step * 50, y + (at % 3))
  await page.mouse.up()
  const whole = page.getByRole('button', { name: 'Whole run' })
  if (at % 8 === 7 && (await whole.count()) > 0) await whole.click()
}

/** Runs in the page. */
function timesOfFrames(milliseconds: number): Promise<number[]> {
  return new Promise((done) => {
    const times: number[] = []
    const onFrame = (now: number) => {
      times.push(now)
      if (now - (times[0] ?? now) < milliseconds) requestAnimationFrame(onFrame)
      else done(times)
    }
    requestAnimationFrame(onFrame)
  })
}
