import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { launch, processesOf, register, serverPid, startSession } from './launch'

test('whoever registers is still signed in after the app was closed and started again', async () => {
  const session = await startSession()
  const first = await launch(session)
  await register(first.page)
  await first.quit()

  const { page } = await launch(session)

  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  expect(await page.getByRole('banner').textContent()).toContain('Ada Lovelace')
})

test('signing out empties the keychain entry, and the next start asks to sign in', async () => {
  const session = await startSession()
  const first = await launch(session)
  await register(first.page)
  expect(await session.secret('access-token')).toMatch(/^ey/)
  await first.page.getByRole('button', { name: 'Sign out' }).click()
  await first.page.getByRole('button', { name: 'Sign in' }).waitFor()
  await expect.poll(() => session.secret('access-token')).toBeNull()
  await first.quit()

  const { page } = await launch(session)

  await page.getByRole('button', { name: 'Sign in' }).waitFor()
})

test('the signing key and the token rest in the keychain and nowhere else', async () => {
  const session = await startSession()
  const { page, app, pid, quit } = await launch(session, { DB_PASSWORD: 'travels-by-message' })
  await register(page)

  const key = (await session.secret('signing-key')) ?? ''
  const token = (await session.secret('access-token')) ?? ''
  expect(Buffer.from(key, 'base64url')).toHaveLength(32)
  expect(token.split('.')).toHaveLength(3)
  for (const member of processesOf(pid)) {
    for (const place of ['cmdline', 'environ']) {
      const shown = readFileSync(`/proc/${member}/${place}`, 'utf8')
      expect(shown).not.toContain(key)
      expect(shown).not.toContain(token)
    }
  }
  expect(readFileSync(`/proc/${await serverPid(app)}/environ`, 'utf8')).not.toContain('travels-by-message')
  await quit()
  const files = filesBelow(session.dataFolder)
  expect(files.map((file) => file.slice(session.dataFolder.length + 1))).toContain('aurelius.db')
  for (const file of files) {
    const bytes = readFileSync(file)
    expect(bytes.includes(key), `${file} holds the signing key`).toBe(false)
    expect(bytes.includes(Buffer.from(key, 'base64url')), `${file} holds the signing key`).toBe(false)
    expect(bytes.includes(token), `${file} holds the access token`).toBe(false)
  }
})

test('the data folder and the database are for their owner alone', async () => {
  const session = await startSession()
  const { page, quit } = await launch(session)
  await register(page)

  for (const file of [
    session.dataFolder,
    ...filesBelow(join(session.dataFolder, 'logs')),
    join(session.dataFolder, 'aurelius.db'),
  ]) {
    expect(statSync(file).mode & 0o077, file).toBe(0)
  }
  await quit()
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
}
