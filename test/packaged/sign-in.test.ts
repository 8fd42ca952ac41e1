import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runtimeFile as runtimeFileShape } from '../../contracts/runtime-file'
import { type DesktopSession, openDesktopSession } from '../support/desktop-session'
import { launchPacked, runtimeFile } from './packed-app'

const PASSWORD = 'correct horse battery staple'

test('a person registers, signs out and signs in, with the key in the keychain', async () => {
  const session = await startSession()
  const { page, close } = await launchPacked(session)

  await page.getByRole('link', { name: /create (an )?account|sign up/i }).click()
  await page.getByLabel('Name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()

  expect(await page.getByRole('banner').textContent()).toContain('Ada Lovelace')
  expect(Buffer.from((await session.secret('signing-key'))?.split('.')[0] ?? '', 'base64url')).toHaveLength(32)
  await expect.poll(() => session.secret('refresh-token')).toHaveLength(43)
  expect(readFileSync(join(session.dataFolder, 'aurelius.db')).subarray(0, 15).toString()).toBe('SQLite format 3')
  await close()
})

test('a script finds the API while the app runs, and no trace of it afterwards', async () => {
  const session = await startSession()
  const { page, close } = await launchPacked(session)
  await page.getByRole('button', { name: 'Create administrator' }).waitFor()

  const { origin } = runtimeFileShape.parse(JSON.parse(readFileSync(runtimeFile(session), 'utf8')))
  const health = await fetch(`${origin}/api/health`)
  const apiPage = await fetch(`${origin}/api/docs`)

  expect(statSync(runtimeFile(session)).mode & 0o777).toBe(0o600)
  expect(await health.json()).toMatchObject({ status: 'healthy' })
  expect(apiPage.status).toBe(200)
  await close()
  expect(existsSync(runtimeFile(session))).toBe(false)
  await expect(fetch(`${origin}/api/health`)).rejects.toThrow()
})

async function startSession(): Promise<DesktopSession> {
  const session = await openDesktopSession()
  onTestFinished(() => session.close())
  return session
}
