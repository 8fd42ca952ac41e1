import { expect, test } from 'vitest'
import type { DesktopBridge } from '../../contracts/ipc'
import { launch, register, startSession } from './launch'

const RUN = { id: 'b3f6d8f2-7a51-4f4e-9a53-1f2e5c1f0a11', outcome: 'completed', duration_seconds: 754 } as const

test('the dashboard has the system say that a run has ended, in words of the desktop, and nothing else', async () => {
  const { app, page } = await launch(await startSession())
  await register(page)
  // No desktop here shows notifications: what would be shown is kept, and clicked.
  await app.evaluate(({ Notification }) => {
    const said: Electron.Notification[] = []
    Object.assign(globalThis, { said })
    Notification.isSupported = () => true
    Notification.prototype.show = function show() {
      said.push(this)
    }
  })
  const said = () =>
    app.evaluate(() =>
      (globalThis as unknown as { said: Electron.Notification[] }).said.map(({ title, body }) => [title, body]),
    )
  const tell = (run: unknown) =>
    page.evaluate((sent) => {
      const { aurelius } = globalThis as unknown as { aurelius: DesktopBridge }
      aurelius.tellRunEnded(sent as Parameters<DesktopBridge['tellRunEnded']>[0])
    }, run)

  for (const wrong of [
    null,
    { ...RUN },
    { ...RUN, strategy_name: 'x', id: '../../evil' },
    { ...RUN, strategy_name: 'x', title: 'mine' },
    { ...RUN, strategy_name: 'x'.repeat(201) },
  ])
    await tell(wrong)
  await tell({ ...RUN, strategy_name: 'Trend <b>of</b> futures' })
  await tell({ ...RUN, strategy_name: 'Another at once' })
  await expect.poll(said).toEqual([['Trend <b>of</b> futures: run completed', 'It took 13 minutes.']])

  await app.evaluate(
    ({ ipcMain }, run) => {
      for (const senderFrame of [null, { parent: null, url: 'https://example.com/' }, { parent: {}, url: 'x' }])
        ipcMain.emit('run:ended', { senderFrame }, run)
    },
    { ...RUN, strategy_name: 'foreign' },
  )
  expect(await said()).toHaveLength(1)
  await app.evaluate(() => {
    const [first] = (globalThis as unknown as { said: Electron.Notification[] }).said
    first?.emit('click')
  })
  await page.waitForURL((url) => url.pathname === `/backtests/${RUN.id}`)
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
})
