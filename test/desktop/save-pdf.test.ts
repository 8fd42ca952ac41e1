import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordRun } from '../browser/recorded-run'
import { pdfText } from '../support/pdf-text'
import { connect } from '../support/test-client'
import { launch, register, startSession } from './launch'

const ADA = { email: 'ada@example.com', password: 'correct horse battery staple', name: 'Ada Lovelace' }

test('a report is saved as a PDF of one page where the person says, or one sentence says why it is not', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page, ADA.email)
  const ada = await connect(new URL(page.url()).origin).login(ADA)
  await recordRun(ada, { name: 'Trend of futures: a/b' })
  const folder = join(session.env.HOME ?? '', 'reports')
  mkdirSync(folder)
  // What the person would answer; the system's dialog is nothing a test can click.
  const choose = (filePath: string | null) =>
    app.evaluate(({ dialog }, chosen) => {
      dialog.showSaveDialog = async (...asked: unknown[]) => {
        Object.assign(globalThis, { asked: asked.at(-1) })
        return { canceled: chosen === null, filePath: chosen ?? '' }
      }
    }, filePath)
  const save = page.getByRole('button', { name: 'Save as PDF' })

  await page.getByRole('link', { name: 'Strategies' }).click()
  await page.getByRole('link', { name: 'Trend of futures: a/b' }).click()
  await page.getByRole('link', { name: 'Report on one page' }).click()
  await page.getByText('Sharpe ratio', { exact: true }).waitFor()
  await expect.poll(() => page.locator('canvas').count()).toBe(2)

  await choose(null)
  await save.click()
  await expect.poll(() => app.evaluate(() => 'asked' in globalThis)).toBe(true)
  const asked = await app.evaluate(() => (globalThis as unknown as { asked: Electron.SaveDialogOptions }).asked)
  expect(asked.defaultPath).toMatch(/Report Trend of futures a b\.pdf$/)

  const file = join(folder, 'report.pdf')
  await choose(file)
  await save.click()
  await page.getByText('Saved as report.pdf.').waitFor()
  const pdf = readFileSync(file).toString('latin1')
  expect(pdf.slice(0, 5)).toBe('%PDF-')
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1)
  expect(pdfText(pdf)).toContain('Trend of futures: a/b')
  expect(readdirSync(folder)).toEqual(['report.pdf'])

  const locked = join(folder, 'locked')
  mkdirSync(locked, { mode: 0o500 })
  for (const [place, words] of [
    [join(folder, 'nowhere', 'report.pdf'), /^The PDF was not saved, because the folder “.*nowhere” is not there\.$/],
    [folder, /^The PDF was not saved, because “.*reports” may not be written: choose another name or folder\.$/],
    [join(locked, 'report.pdf'), /^The PDF was not saved, because “.*report\.pdf” may not be written: choose another/],
  ] as const) {
    await choose(place)
    await save.click()
    await page.getByRole('alert').getByText(words).waitFor()
  }
  chmodSync(locked, 0o700)
  expect(readdirSync(locked)).toEqual([])
  expect(existsSync(file)).toBe(true)
})
