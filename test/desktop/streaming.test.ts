import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../support/test-client'
import { launch, register, serverPid, startSession } from './launch'

const ADA = { email: 'ada@example.com', password: 'correct horse battery staple', name: 'Ada Lovelace' }

test('a curve grows in the window while a script streams it, and a server that is killed meanwhile loses and doubles nothing', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page, ADA.email)
  const ada = await connect(new URL(page.url()).origin).login(ADA)
  const issued = await ada.post('/api/auth/keys', { name: 'the script', scopes: ['ledger:read', 'ledger:write'] })
  const { body: strategy } = await ada.post('/api/v1/strategies', { name: 'Streamed', strategy_type: 'trend' })
  const script = startScript(session.dataFolder)
  script.tell(issued.body.secret, strategy.id)
  const { run } = await script.next()

  await page.getByRole('link', { name: 'Strategies' }).click()
  await page.getByRole('link', { name: 'Streamed', exact: true }).click()
  await page.getByRole('link', { name: 'Streamed by a script', exact: true }).click()
  await page.getByText('The curve appears here with its first points.').waitFor()
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
  script.tell('10')
  await page.getByText(' 200 points').waitFor()
  await page.getByText('Running 33 %').waitFor()

  const killed = await serverPid(app)
  script.tell('20')
  for (let sent = 0; sent < 12; ) sent = (await script.next()).sent
  process.kill(killed ?? Number.NaN, 'SIGKILL')
  await page.getByText(' 600 points').waitFor({ timeout: 60_000 })
  await page.getByText('Completed').waitFor()

  const told = await script.rest()
  const finished = told.at(-1)
  expect(await serverPid(app)).not.toBe(killed)
  expect(await page.evaluate(() => 'sameDocument' in globalThis), 'the page was not reloaded').toBe(true)
  expect(
    told.some(({ tries }) => tries > 0),
    'the script met the break',
  ).toBe(true)
  expect(finished).toMatchObject({ again: run, status: 'completed' })
  const back = ada.at(new URL(page.url()).origin)
  const { body: curve } = await back.get(`/api/v1/backtests/${run}/curve?points=2000`)
  const rows = curve.times.map((time: number, index: number) => [time, curve.values[index]])
  expect(rows).toEqual(finished?.points.map(([time, equity]: [string, number]) => [Date.parse(time), equity]))
  const { body: runs } = await back.get(`/api/v1/backtests?strategy_id=${strategy.id}`)
  expect(runs.backtests).toHaveLength(1)
  const { body } = await back.get('/api/v1/events?after=0&limit=500')
  const types = body.events.map(({ type }: { type: string }) => type)
  expect(types.filter((type: string) => type !== 'backtest.progress')).toEqual([
    'strategy.created',
    'backtest.started',
    'backtest.completed',
  ])
})

/** The script, as the system's own Python runs it; what it says, line by line. */
function startScript(dataFolder: string) {
  const script = spawn('/usr/bin/python3', [join(import.meta.dirname, 'stream_run.py'), dataFolder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void script.kill('SIGKILL'))
  const lines = createInterface({ input: script.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const line = await lines.next()
    if (line.done) throw new Error('the script has ended')
    return JSON.parse(line.value)
  }
  return {
    next,
    tell: (...words: string[]) => script.stdin.write(`${words.join('\n')}\n`),
    async rest() {
      // biome-ignore lint/suspicious/noExplicitAny: the script says something else on each line
      const said: any[] = []
      while (said.at(-1)?.status === undefined) said.push(await next())
      return said
    },
  }
}
