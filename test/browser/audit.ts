import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

declare global {
  interface Window {
    axe: typeof axe
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const WIDTHS = [3840, 1440, 880, 768, 360]

/** What is wrong with each of these states, a line each, as `faultsOf` says. */
export async function faultsOfEvery(page: Page, states: AsyncGenerator<string>): Promise<string[]> {
  const faults: string[] = []
  for await (const state of states) faults.push(...(await faultsOf(page, state)))
  return faults
}

/**
 * What is wrong with the page as it is now, a line each: what axe objects to, in the light theme at 1440 pixels and in
 * the dark one at 360, and at which widths it has to be scrolled sideways. Leaves it dark and at 360 pixels.
 */
export async function faultsOf(page: Page, state = 'the page'): Promise<string[]> {
  const faults: string[] = []
  await page.emulateMedia({ colorScheme: 'light' })
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    const excess = await excessWidth(page)
    if (excess > 0) faults.push(`${state}: ${excess} pixels too wide for ${width}`)
    if (width === 1440) faults.push(...(await objectionsTo(page)).map((objection) => `${state}, light: ${objection}`))
  }
  await page.emulateMedia({ colorScheme: 'dark' })
  faults.push(...(await objectionsTo(page)).map((objection) => `${state}, dark: ${objection}`))
  return faults
}

/** What axe objects to on the page as it is now: the rule and the element, a line each. */
async function objectionsTo(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() => window.axe.run())
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** By how many pixels the page is wider than its window; charts take a moment to follow it. */
async function excessWidth(page: Page): Promise<number> {
  const now = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  return expect
    .poll(now, { timeout: 2000 })
    .toBeLessThanOrEqual(0)
    .then(() => 0, now)
}
