import { expect, test } from 'vitest'
import { openDashboard } from './launch'

test('the start page alone may ask anything of main, but for the PDF of the own page, and only in its main frame', async () => {
  const { page, app } = await openDashboard()
  await app.evaluate(({ dialog }) => {
    dialog.showSaveDialog = async () => ({ canceled: true, filePath: '' })
  })

  const answers = await app.evaluate(async ({ ipcMain, BrowserWindow }) => {
    type Handler = (event: unknown) => Promise<{ ok?: boolean; outcome?: string }>
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const url = contents?.mainFrame.url ?? ''
    const ask = (channel: string, senderFrame: unknown) =>
      handlers
        .get(channel)?.({ sender: contents, senderFrame })
        .then(({ ok, outcome }) => ok || outcome === 'cancelled')
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
  expect(channels).toEqual(['page:save-pdf', 'start:open-log-folder', 'start:quit', 'start:retry'])
  for (const [who, what] of Object.entries(allowed))
    expect(what, who).toEqual(who === 'dashboard' ? ['page:save-pdf'] : [])
  await page.title()
})
