import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { launch, register, renew, serverPid, startSession } from './launch'

const ADA = { email: 'ada@example.com', password: 'correct horse battery staple' }

test('each renewal puts another refresh token into the keychain, and none into the cookie store', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page)
  const seen = new Set<string | null>([null])

  for (let renewals = 0; renewals < 3; renewals += 1) {
    await expect.poll(async () => seen.has(await session.secret('refresh-token'))).toBe(false)
    seen.add(await session.secret('refresh-token'))
    expect(await app.evaluate(({ session: { defaultSession } }) => defaultSession.cookies.get({}))).toEqual([])
    expect(await renew(page)).toBe(200)
  }
})

test('no script of the page can read the refresh token', async () => {
  const session = await startSession()
  const { page } = await launch(session)
  await register(page)

  const shown = await page.evaluate(async () => {
    const reply = await fetch('/api/auth/refresh', { method: 'POST' })
    const { cookieStore, aurelius } = globalThis as unknown as {
      cookieStore: { getAll(): Promise<unknown[]> }
      aurelius: object
    }
    return {
      headers: [...reply.headers.keys()],
      body: await reply.text(),
      cookie: document.cookie,
      cookies: await cookieStore.getAll(),
      kept: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      bridge: Object.keys(aurelius),
    }
  })

  const token = (await session.secret('refresh-token')) ?? ''
  expect(token).toHaveLength(43)
  expect(JSON.stringify(shown)).not.toContain(token)
  expect(shown.headers).not.toContain('set-cookie')
  expect(shown).toMatchObject({ cookie: '', cookies: [], databases: [], caches: [] })
  expect(shown.bridge).toEqual(['versions', 'onServerStatus', 'tellRunEnded', 'savePdf'])
  expect(shown.kept).not.toMatch(/ey[\w-]+\.[\w-]+\./)
})

test('a session that is ended from elsewhere falls back to sign-in at once, and leaves the keychain', async () => {
  const session = await startSession()
  const { page } = await launch(session)
  await register(page)
  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()

  await endOtherSessions(new URL(page.url()).origin)

  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await expect.poll(() => session.secret('refresh-token')).toBeNull()
  await signIn(page)
  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()
})

test('a session that was ended from elsewhere is not restored by the next start', async () => {
  const session = await startSession()
  const first = await launch(session)
  await register(first.page)
  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()
  const origin = new URL(first.page.url()).origin
  await first.page.goto('about:blank') // so that the page does not notice
  await endOtherSessions(origin)
  await first.quit()

  const { page } = await launch(session)

  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await expect.poll(() => session.secret('refresh-token')).toBeNull()
})

test('signing out counts on this computer even while the server does not answer', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page)
  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()
  const server = (await serverPid(app)) ?? Number.NaN

  process.kill(server, 'SIGSTOP')
  await page.getByRole('button', { name: 'Sign out' }).click()

  await expect.poll(() => session.secret('refresh-token')).toBeNull()
  process.kill(server, 'SIGCONT')
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
})

test('without a keychain, taken away meanwhile, a person stays signed in until the app ends', async () => {
  const session = await startSession()
  const first = await launch(session)
  await first.page.getByRole('link', { name: /create (an )?account|sign up/i }).waitFor()
  await session.restartKeychain('absent')

  await register(first.page)
  for (let renewals = 0; renewals < 3; renewals += 1) expect(await renew(first.page)).toBe(200)
  await first.page.reload()
  await first.page.getByRole('button', { name: 'Sign out' }).waitFor()
  await first.quit()

  await session.restartKeychain('unlocked')
  const { page } = await launch(session)
  await signIn(page)
})

test('a keychain that does not answer any more delays no renewal, and does not keep the app from ending', async () => {
  const session = await startSession()
  const { page, quit } = await launch(session)
  await register(page)
  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()
  session.freezeKeychain()

  const started = Date.now()
  for (let renewals = 0; renewals < 3; renewals += 1) expect(await renew(page)).toBe(200)
  expect(Date.now() - started).toBeLessThan(20_000) // how long a keychain is waited for, once

  await quit()
})

/** What a script does that signs in with the same account. */
async function endOtherSessions(origin: string): Promise<void> {
  const signedIn = await fetch(`${origin}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ADA),
  })
  const { access_token } = (await signedIn.json()) as { access_token: string }
  const ended = await fetch(`${origin}/api/auth/sessions/revoke-others`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}` },
  })
  expect(ended.status).toBe(200)
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(ADA.email)
  await page.getByLabel('Password', { exact: true }).fill(ADA.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).waitFor()
}
