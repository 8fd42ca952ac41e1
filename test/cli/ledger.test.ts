import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeKey } from '../support/api-keys'
import { newFolder } from '../support/new-folder'
import { aurelius } from '../support/run-cli'
import { makeStrategy, someEquity, someTrades } from '../support/runs'
import { dataFolderIn, serveProgram } from '../support/serve-program'
import { startTestServer } from '../support/start-test-server'
import { connect, type TestClient } from '../support/test-client'

const SLOW = 60_000 // each start of the command takes a moment
const SCOPES = ['ledger:read', 'ledger:write', 'gates:evaluate'] as const

/** A person with a key at the command line, in a folder of their own. */
async function startDesk() {
  const server = await startTestServer()
  const ada = await server.setUp('Ada')
  const { secret } = await makeKey(ada, { scopes: [...SCOPES] })
  const folder = newFolder()
  const run = (...words: string[]) =>
    aurelius(['--data-folder', server.folder, ...words], { folder, environment: { AURELIUS_API_KEY: secret } })
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
  return { server, ada, secret, folder, run, put }
}

const asTable = (rows: object[]) =>
  [Object.keys(rows[0] ?? {}).join(','), ...rows.map((row) => Object.values(row).join(','))].join('\n')
const runsOf = async (person: TestClient) => (await person.get('/api/v1/backtests')).body.backtests

test(
  'a run is pushed from files, once however often it is pushed, and is found again',
  async () => {
    const { ada, run, put, secret } = await startDesk()
    put('curve.csv', asTable(someEquity(300)))
    put('trades.csv', asTable(someTrades(40)))
    const words = [
      'backtests',
      'push',
      'curve.csv',
      '--strategy',
      'Momentum',
      '--trades',
      'trades.csv',
      '--param',
      'window=20',
    ]

    const dry = await run(...words, '--dry-run')
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' })
    expect(dry.stdout).toMatch(
      /^CSV: 300 points from 2020-01-01T00:00:00.000Z to .*, 40 trades\.\n[\s\S]*Nothing was recorded\.\n$/,
    )
    expect(await runsOf(ada)).toEqual([])

    const first = await run(...words, '--param', 'universe=["SPY","QQQ"]', '--seed', '7', '--label', 'first')
    const second = await run('--json', ...words, '--param', 'universe=["SPY","QQQ"]', '--seed', '7', '--label', 'first')
    const again = await run('--json', ...words, '--param', 'universe=["SPY","QQQ"]', '--seed', '7', '--again')
    const other = await run(
      '--json',
      'backtests',
      'push',
      'curve.csv',
      '--strategy',
      'Momentum',
      '--param',
      'window=30',
    )

    expect(first).toMatchObject({ exitCode: 0, stderr: 'There was no strategy “Momentum”: it is made.\n' })
    expect(first.stdout).toMatch(
      /Momentum v1, completed\n.*2020-01-01 to [\s\S]*300 points, 40 trades\n[\s\S]*Sharpe ratio +\d/,
    )
    expect(second.stderr).toMatch(/^The same was recorded before/)
    const runs = await runsOf(ada)
    expect(runs.map(({ id }: { id: string }) => id)).toEqual([
      JSON.parse(other.stdout).id,
      JSON.parse(again.stdout).id,
      JSON.parse(second.stdout).id,
    ])
    expect(runs).toMatchObject([
      { strategy_version: 2, trade_count: 0 },
      { strategy_version: 1, reproducibility: 'same', label: null },
      { strategy_version: 1, reproducibility: 'first', label: 'first', seed: 7, trade_count: 40 },
    ])
    expect(JSON.parse(second.stdout).parameters).toEqual({ window: 20, universe: ['SPY', 'QQQ'] })

    const listed = await run('backtests', 'list', '--strategy', 'Momentum', '--status', 'completed')
    expect(listed.stdout).toMatch(new RegExp(`^ID .*\n${runs[0].id} +Momentum v2 +completed`))
    const shown = await run('backtests', 'show', runs[0].id)
    expect(shown.stdout).toMatch(/METRIC +VALUE\nTotal return +[\d.-]+ %\n[\s\S]*Win rate +–/)
    expect((await run('strategies', 'list')).stdout).toMatch(/Momentum +other +research +2 +3/)
    expect((await run('strategies', 'show', 'Momentum')).stdout).toMatch(/VERSION[\s\S]*\n2 .*\{"window":30\}\n1 /)
    const made = await run('--json', 'strategies', 'create', 'Carry', '--type', 'carry', '--tag', 'fx', '--tag', 'slow')
    expect(JSON.parse(made.stdout)).toMatchObject({
      name: 'Carry',
      strategy_type: 'carry',
      tags: ['fx', 'slow'],
      version: 1,
    })
    for (const { stdout, stderr } of [first, second, listed, made]) expect(stdout + stderr).not.toContain(secret)
  },
  SLOW,
)

test(
  'a new strategy without parameters is pushed once, and each of two files has the columns that are stated for it',
  async () => {
    const { ada, run, put } = await startDesk()
    put('curve.csv', asTable(someEquity(30)).replace('equity', 'Worth'))
    put('trades.csv', asTable(someTrades(4)).replace('quantity', 'Lots'))
    const words = ['--map', 'equity=Worth', '--map', 'quantity=Lots', '--trades', 'trades.csv']
    const push = () => run('backtests', 'push', 'curve.csv', '--strategy', 'Plain', ...words)

    expect(await push()).toMatchObject({ exitCode: 0, stderr: 'There was no strategy “Plain”: it is made.\n' })
    expect(await push()).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('recorded before') })
    expect(await runsOf(ada)).toMatchObject([{ status: 'completed', point_count: 30, trade_count: 4 }])
    expect(await runsOf(ada)).toHaveLength(1)
  },
  SLOW,
)

const REFUSED: [string, string, string[], number, RegExp][] = [
  [
    'rows that are wrong',
    'date;equity\n2024-01-02;100,5\n2024-01-03;x',
    ['--strategy', 'A'],
    65,
    /^Nothing was recorded.*\nLine 2: .*comma.*\nLine 3: /,
  ],
  ['rows that the server refuses', 'date,equity\n2024-01-02,1', ['--strategy', 'A'], 65, /at least 2 points/],
  [
    'a date that may be two',
    'date,equity\n01/02/2024,1\n01/03/2024,2',
    ['--strategy', 'A'],
    65,
    /whether the day or the month comes first/,
  ],
  ['no such file', '', ['--strategy', 'A'], 66, /\.csv cannot be read/],
  ['trades without a curve', asTable(someTrades(2)), ['--strategy', 'A'], 65, /holds trades: give the equity curve/],
  ['nobody to record it for', 'date,equity\n2024-01-02,1\n2024-01-03,2', ['--strategy'], 64, /argument missing/],
  ['an unknown format', 'date,equity\n2024-01-02,1', ['--format', 'excel'], 64, /--format takes one of csv, /],
  [
    'a parameter without a value',
    'date,equity\n2024-01-02,1\n2024-01-03,2',
    ['--strategy', 'A', '--param', 'w'],
    64,
    /--param takes/,
  ],
  ['an unknown column', 'date,equity\n2024-01-02,1', ['--map', 'price=a'], 64, /--map takes one of time, equity/],
]

test(
  'what cannot be pushed ends with a code and a sentence, and records nothing',
  async () => {
    const { ada, run, put } = await startDesk()

    const told = await Promise.all(
      REFUSED.map(async ([what, text, words], index) => {
        const file = `curve-${index}.csv`
        if (what !== 'no such file') put(file, text)
        const { exitCode, stdout, stderr } = await run('backtests', 'push', file, ...words)
        return { what, exitCode, stdout, stderr }
      }),
    )

    expect(told).toEqual(
      REFUSED.map(([what, , , exitCode, sentence]) => ({
        what,
        exitCode,
        stdout: '',
        stderr: expect.stringMatching(sentence),
      })),
    )
    // What was refused after its start does not go on for ever.
    expect((await runsOf(ada)).map(({ status }: { status: string }) => status)).toEqual(['failed'])
  },
  SLOW,
)

test(
  'who may not, and what is not there, have codes of their own',
  async () => {
    const { server, ada, run } = await startDesk()
    const reader = await makeKey(ada, { name: 'reads', scopes: ['ledger:read'] })
    const as = (key: string, ...words: string[]) =>
      aurelius(words, { environment: { AURELIUS_API_KEY: key, AURELIUS_DATA_FOLDER: server.folder } })

    expect(await as(reader.secret, 'strategies', 'create', 'A', '--type', 'b')).toMatchObject({
      exitCode: 77,
      stdout: '',
    })
    expect(await as(`aur_${'x'.repeat(49)}`, 'strategies', 'list')).toMatchObject({ exitCode: 77, stdout: '' })
    expect(await as(`aur_${'x'.repeat(49)}`, 'watch')).toEqual({
      exitCode: 77,
      stdout: '',
      stderr: expect.stringMatching(/^The API key does not count[^\n]*\n$/),
    })
    expect(await run('strategies', 'show', 'None')).toMatchObject({ exitCode: 66, stderr: /./ })
    expect(await run('backtests', 'show', '00000000-0000-4000-8000-000000000000')).toMatchObject({ exitCode: 66 })
    const withoutKey = { AURELIUS_DATA_FOLDER: server.folder }
    expect(await aurelius(['strategies', 'list'], { environment: withoutKey })).toEqual({
      exitCode: 69,
      stdout: '',
      stderr: expect.stringMatching(/found no keychain[^\n]*, or give an API key in AURELIUS_API_KEY\.\n$/),
    })
    const away = { AURELIUS_API_KEY: reader.secret, AURELIUS_DATA_FOLDER: newFolder() }
    expect(await aurelius(['strategies', 'list'], { environment: away })).toMatchObject({ exitCode: 69, stdout: '' })
    const elsewhere = { AURELIUS_API_KEY: reader.secret, AURELIUS_URL: 'http://example.com' }
    expect(await aurelius(['strategies', 'list'], { environment: elsewhere })).toMatchObject({
      exitCode: 78,
      stderr: expect.stringContaining('in clear'),
    })
    const stated = { AURELIUS_API_KEY: reader.secret, AURELIUS_URL: server.origin }
    expect(await aurelius(['strategies', 'list'], { environment: stated })).toMatchObject({ exitCode: 0 })
  },
  SLOW,
)

test(
  'a gate says by its exit code whether it passed, failed, or lacks evidence',
  async () => {
    const { ada, run, put } = await startDesk()
    const rule = { id: 'trades', fact: 'backtest.trade_count', operator: 'at_least' }
    const policy = (threshold: number) =>
      ada.post('/api/v1/gates/dev/policies', {
        text: JSON.stringify({ format: 1, gate: 'dev', title: 'Enough trades', rules: [{ ...rule, threshold }] }),
      })
    put('curve.csv', asTable(someEquity(300)))
    put('trades.csv', asTable(someTrades(40)))
    const evaluate = (...words: string[]) => run(...words, 'gates', 'evaluate', 'dev', '--strategy', 'Momentum')
    await makeStrategy(ada)
    expect((await policy(10)).status).toBe(201)

    const inconclusive = await evaluate()
    await run('backtests', 'push', 'curve.csv', '--trades', 'trades.csv', '--strategy', 'Momentum')
    const passed = await evaluate()
    await policy(1_000)
    const failed = await evaluate('--json')

    expect(inconclusive).toMatchObject({ exitCode: 11, stderr: '' })
    expect(passed).toMatchObject({ exitCode: 0, stderr: '' })
    expect(passed.stdout).toMatch(/Momentum v1 at gate dev: passed\nRULE[\s\S]*\ntrades +passed +40 +at least 10/)
    expect(failed).toMatchObject({ exitCode: 10, stderr: '' })
    expect(JSON.parse(failed.stdout)).toMatchObject({ verdict: 'failed', checks: [{ value: 40, threshold: 1_000 }] })
    expect((await run('gates', 'list')).stdout).toMatch(/\ndev +3 +1 +Enough trades/)
    expect((await run('gates', 'list', '--strategy', 'Momentum')).stdout).toMatch(
      /dev +1 +failed[\s\S]*passed[\s\S]*inconclusive/,
    )
    expect(await run('gates', 'evaluate', 'final', '--strategy', 'Momentum')).toMatchObject({ exitCode: 64 })
  },
  SLOW,
)

test(
  'watch tells what happened and what happens, and ends where it was told to',
  async () => {
    const { ada, run } = await startDesk()
    const strategy = await makeStrategy(ada)
    await makeStrategy(ada, { name: 'Other' })
    const live = run(
      '--json',
      'watch',
      '--after',
      '0',
      '--strategy',
      'Momentum',
      '--until',
      'backtest.completed',
      '--timeout',
      '60',
    )
    await ada.post('/api/v1/backtests/record', { strategy_id: strategy, equity: someEquity(40) })

    const { exitCode, stdout, stderr } = await live
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(events.map(({ type }) => type)).toEqual(['strategy.created', 'backtest.completed'])

    const told = await run('watch', '--after', '0', '--until', 'gate.evaluated', '--timeout', '1')
    expect(told).toMatchObject({ exitCode: 75, stderr: 'There was no gate.evaluated in 1 second.\n' })
    expect(await run('watch', '--timeout', '1')).toEqual({
      exitCode: 75,
      stdout: '',
      stderr: 'Watching has ended after 1 second.\n',
    })
    expect(told.stdout).toMatch(
      /strategy made +Momentum\n.*strategy made +Other\n.*backtest completed +Momentum {2}.*sharpe ratio/,
    )
  },
  SLOW,
)

test(
  'evidence is exported whole, is not written over anything, and verifies',
  async () => {
    const { ada, run, folder } = await startDesk()
    const strategy = await makeStrategy(ada, { name: 'Long / short' })
    await ada.post('/api/v1/backtests/record', { strategy_id: strategy, equity: someEquity(40) })

    const told = await run('evidence', 'export', '--strategy', 'Long / short')
    const second = await run('evidence', 'export', '--strategy', 'Long / short')
    const named = await run('--json', 'evidence', 'export', '--strategy', strategy, '--output', 'e.tar.gz')

    expect(told).toMatchObject({ exitCode: 0, stderr: '' })
    expect(second).toMatchObject({ exitCode: 73, stdout: '', stderr: expect.stringContaining('--force') })
    const verified = await run('--json', 'evidence', 'verify', 'Long-short.evidence.tar.gz')
    expect(JSON.parse(verified.stdout)).toMatchObject({
      ok: true,
      strategy_name: 'Long / short',
      checked: { backtests: 1 },
    })
    expect(JSON.parse(named.stdout)).toMatchObject({ file: join(folder, 'e.tar.gz'), bytes: expect.any(Number) })
    expect(existsSync(join(folder, 'e.tar.gz.part'))).toBe(false)
  },
  SLOW,
)

test(
  'a push goes on when the server is killed and comes back elsewhere',
  async () => {
    const folder = newFolder()
    const rows = 600_000
    const first = await serveProgram(folder)
    const ada = await connect(first.origin).register({
      email: 'ada@example.com',
      password: 'a long enough password',
      name: 'Ada',
    })
    const { secret } = await makeKey(ada, { scopes: [...SCOPES] })
    const curve = Array.from(
      { length: rows },
      (_, index) => `${1_577_836_800_000 + index * 60_000},${100_000 + (index % 977)}`,
    )
    writeFileSync(join(folder, 'curve.csv'), `time,equity\n${curve.join('\n')}`)
    const environment = { AURELIUS_API_KEY: secret, AURELIUS_DATA_FOLDER: dataFolderIn(folder) }
    const pushed = aurelius(['--json', 'backtests', 'push', 'curve.csv', '--strategy', 'Big'], { folder, environment })
    await expect
      .poll(async () => (await runsOf(ada))[0]?.point_count ?? 0, { timeout: 15_000, interval: 5 })
      .toBeGreaterThan(0)
    await first.kill()
    const second = await serveProgram(folder)

    const { exitCode, stdout } = await pushed
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', point_count: rows })
    expect(await runsOf(ada.at(second.origin))).toMatchObject([{ status: 'completed', point_count: rows }])
  },
  SLOW,
)
