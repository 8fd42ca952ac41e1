import { expect, test } from 'vitest'
import { openDashboard } from './launch'

test('the bridge keeps and gives back a token, and refuses what is none', async () => {
  const { page, session } = await openDashboard()
  const credential = (call: string, argument?: unknown) =>
    page.evaluate(
      async ([name, value]) => {
        const { credential: bridge } = (globalThis as unknown as { aurelius: { credential: Record<string, Bridge> } })
          .aurelius
        type Bridge = (value: unknown) => Promise<unknown>
        return (bridge[name as string] as Bridge)(value).catch((error: Error) => error.message)
      },
      [call, argument] as const,
    )

  await credential('save', 'a.b.c')
  expect(await session.secret('access-token')).toBe('a.b.c')
  expect(await credential('load')).toBe('a.b.c')
  for (const wrong of ['', 'a b', 'x'.repeat(4097), 7, null, { token: 'x' }, ['x']]) {
    expect(await credential('save', wrong), JSON.stringify(wrong)).toMatch(/^That is not an access token/)
  }
  expect(await session.secret('access-token')).toBe('a.b.c')
  await credential('clear')
  expect(await session.secret('access-token')).toBeNull()
  expect(await credential('load')).toBeNull()
})

test('calls over the bridge are answered only for the page they are meant for', async () => {
  const { page, app } = await openDashboard()

  const answers = await app.evaluate(async ({ ipcMain, BrowserWindow }) => {
    type Handler = (event: unknown, argument?: unknown) => Promise<{ ok: boolean; message?: string }>
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const url = contents?.mainFrame.url ?? ''
    const ask = (channel: string, senderFrame: unknown) =>
      handlers
        .get(channel)?.({ sender: contents, senderFrame }, 'a.b.c')
        .then(({ ok }) => ok)
    const channels = [...handlers.keys()].filter((name) => name.includes(':')).sort()
    const asked = async (senderFrame: unknown) => {
      const allowed = []
      for (const channel of channels) if (await ask(channel, senderFrame)) allowed.push(channel)
      return allowed
    }
    return {
      channels,
      dashboard: await asked({ parent: null, url }),
      frameInDashboard: await asked({ parent: {}, url }),
      otherPort: await asked({ parent: null, url: 'http://127.0.0.1:1/' }),
      otherSite: await asked({ parent: null, url: 'https://example.com/' }),
      lookAlike: await asked({ parent: null, url: 'aurelius://start.example/' }),
      gone: await asked(null),
    }
  })

  expect(answers.channels).toHaveLength(6)
  expect(answers.dashboard).toEqual(['credential:clear', 'credential:load', 'credential:save'])
  const { frameInDashboard, otherPort, otherSite, lookAlike, gone } = answers
  expect({ frameInDashboard, otherPort, otherSite, lookAlike, gone }).toEqual({
    frameInDashboard: [],
    otherPort: [],
    otherSite: [],
    lookAlike: [],
    gone: [],
  })
  await page.title()
})
