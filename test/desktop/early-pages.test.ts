import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { launch, register, startSession } from './launch'

test('the page that a later start shows ahead of its server becomes the server’s, signed in', async () => {
  const session = await startSession()
  const PORT = await freePort()
  const first = await launch(session, { PORT })
  await register(first.page)
  const { origin } = new URL(first.page.url())
  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()
  await first.quit()

  const { page, app } = await launch(session, { PORT })
  await page.getByRole('button', { name: 'Sign out' }).waitFor()

  expect(new URL(page.url()).origin).toBe(origin)
  const isHandled = await app.evaluate(({ protocol }) => protocol.isProtocolIntercepted('http'))
  expect(isHandled, 'main serves pages still').toBe(false)
  expect(await page.evaluate(() => fetch('/api/health').then(({ status }) => status))).toBe(200)
})

test('who listens where the server was is asked nothing by a later start, and the window follows the server', async () => {
  const session = await startSession()
  const PORT = await freePort()
  const first = await launch(session, { PORT })
  await register(first.page)
  const { origin } = new URL(first.page.url())
  await expect.poll(() => session.secret('refresh-token')).not.toBeNull()
  await first.quit()
  const seen: string[] = []
  const stranger = createServer(({ method, url }, reply) => {
    seen.push(`${method} ${url}`)
    reply.end('<h1>Stranger</h1>')
  }).listen(Number(PORT), '127.0.0.1')
  onTestFinished(() => {
    stranger.closeAllConnections()
    stranger.close()
  })
  await once(stranger, 'listening')

  const { page } = await launch(session, { PORT })
  await page.waitForURL((url) => url.protocol === 'http:' && url.origin !== origin)
  await page.getByRole('button', { name: 'Sign out' }).waitFor()

  expect(seen).toEqual([])
})

async function freePort(): Promise<string> {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  other.close()
  await once(other, 'close')
  return String(port)
}
