import { expect, test } from 'vitest'
import { openDashboard } from './launch'

test('only the start page may ask anything of main, and only in its main frame', async () => {
  const { page, app } = await openDashboard()

  const answers = await app.evaluate(async ({ ipcMain, BrowserWindow }) => {
    type Handler = (event: unknown) => Promise<{ ok: boolean; message?: string }>
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const url = contents?.mainFrame.url ?? ''
    const ask = (channel: string, senderFrame: unknown) =>
      handlers
        .get(channel)?.({ sender: contents, senderFrame })
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
      frameInStartPage: await asked({ parent: {}, url: 'aurelius://start/' }),
      gone: await asked(null),
    }
  })

  const { channels, ...allowed } = answers
  expect(channels).toEqual(['start:open-log-folder', 'start:quit', 'start:retry'])
  for (const [who, what] of Object.entries(allowed)) expect(what, who).toEqual([])
  await page.title()
})
