import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { DesktopSession } from '../support/desktop-session'
import { guestForm, launch, startSession } from './launch'

test('without a keychain the app says so and touches no data; with one it starts', async () => {
  const session = await startSession('absent')
  const { page } = await launch(session)

  expect(await failure(page)).toBe(
    'Aurelius found no keychain on this computer: install and start one (on Linux for example GNOME Keyring or KWallet), then try again.',
  )
  expectNoData(session)

  await session.restartKeychain('unlocked')
  await page.getByRole('button', { name: 'Try again' }).click()
  await guestForm(page).waitFor()
})

test('a locked keychain is waited for, then spoken of; no data is touched, and the key in it survives', async () => {
  const session = await startSession()
  const first = await launch(session)
  await guestForm(first.page).waitFor()
  const key = await session.secret('signing-key')
  expect(key).not.toBeNull()
  await first.quit()
  await session.restartKeychain('locked')
  rmSync(session.dataFolder, { recursive: true })

  const { page, ended } = await launch(session)

  await page.getByText('Waiting for the keychain; unlock it if your system asks').waitFor()
  expect(await failure(page)).toContain('most likely because it is locked: unlock it, then try again.')
  expectNoData(session)
  const quit = page.getByRole('button', { name: 'Quit' })
  await quit.click().catch(() => undefined) // the app may be gone before the click is confirmed
  await ended

  await session.restartKeychain('unlocked')
  const last = await launch(session)
  await guestForm(last.page).waitFor()
  expect(await session.secret('signing-key')).toBe(key)
})

async function failure(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Aurelius could not start' }).waitFor()
  return (await page.getByRole('alert').innerText()).trim()
}

function expectNoData(session: DesktopSession): void {
  for (const name of ['aurelius.db', 'runtime.json', 'backups', 'logs/server.log']) {
    expect(existsSync(join(session.dataFolder, name)), name).toBe(false)
  }
}
