import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { guestForm, killServer, launch, processesOf, register, renew, startSession } from './launch'

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
  await expect.poll(() => session.secret('refresh-token')).toHaveLength(43)
  await first.page.getByRole('button', { name: 'Sign out' }).click()
  await guestForm(first.page).waitFor()
  await expect.poll(() => session.secret('refresh-token')).toBeNull()
  await first.quit()

  const { page } = await launch(session)

  await guestForm(page).waitFor()
})

test('the signing key and the refresh token rest in the keychain and nowhere else', async () => {
  const session = await startSession()
  const { page, pid, quit } = await launch(session)
  await register(page)

  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()
  const [key = ''] = ((await session.secret('signing-key')) ?? '').split('.')
  const first = (await session.secret('refresh-token')) ?? ''
  expect(await renew(page)).toBe(200)
  await expect.poll(() => session.secret('refresh-token')).not.toBe(first)
  const second = (await session.secret('refresh-token')) ?? ''
  expect(Buffer.from(key, 'base64url')).toHaveLength(32)
  expect(second).toHaveLength(43)
  for (const member of processesOf(pid)) {
    for (const place of ['cmdline', 'environ']) {
      const shown = readFileSync(`/proc/${member}/${place}`, 'utf8')
      for (const secret of [key, first, second]) expect(shown).not.toContain(secret)
    }
  }
  await quit()
  const files = filesBelow(session.dataFolder)
  const names = files.map((file) => file.slice(session.dataFolder.length + 1))
  expect(names).toEqual(expect.arrayContaining(['aurelius.db', 'logs/server.log']))
  for (const file of files) {
    const bytes = readFileSync(file)
    expect(bytes.includes(key), `${file} holds the signing key`).toBe(false)
    expect(bytes.includes(Buffer.from(key, 'base64url')), `${file} holds the signing key`).toBe(false)
    for (const token of [first, second]) expect(bytes.includes(token), `${file} holds a refresh token`).toBe(false)
  }
})

test('settings reach the server by message: neither its command line nor its environment holds one', async () => {
  const session = await startSession()
  const { page, app } = await launch(session, { DB_PASSWORD: 'travels-by-message', PGPASSWORD: 'is-not-ours' })
  await guestForm(page).waitFor()
  // What a process was given cannot be read from outside later: Chromium writes its title over it.
  const given = app.evaluate(
    ({ utilityProcess }) =>
      new Promise<{ args: string[]; names: string[] }>((done) => {
        const fork = utilityProcess.fork
        utilityProcess.fork = (file, args, options) => {
          done({ args: args ?? [], names: Object.keys(options?.env ?? process.env) })
          return fork(file, args, options)
        }
      }),
  )

  await killServer(app)

  const { args, names } = await given
  expect(args).toEqual([])
  expect(names).toContain('PATH')
  expect(names.filter((name) => /^(DB_|PG|SECRET|PORT|DBUS_|XDG_|NODE_OPTIONS)/.test(name))).toEqual([])
})

test('the data folder and all that we keep in it are for their owner alone', async () => {
  const session = await startSession()
  const first = await launch(session)
  await register(first.page)
  await first.quit()
  const { page } = await launch(session)
  await page.getByRole('button', { name: 'Sign out' }).waitFor()

  const ours = filesBelow(session.dataFolder).filter((file) =>
    /\/(aurelius\.db[^/]*|runtime\.json|window\.json|logs\/.*)$/.test(file),
  )
  expect(ours.length).toBeGreaterThan(4)
  for (const file of [session.dataFolder, ...ours]) expect(statSync(file).mode & 0o077, file).toBe(0)
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
}
