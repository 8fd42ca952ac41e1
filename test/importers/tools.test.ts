import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { detectFormat, type ImportSettings, readImport } from '../../importers/index'

const load = (name: string) => readFileSync(join(import.meta.dirname, 'files', name), 'utf8')
const read = (name: string, settings?: ImportSettings) => readImport(name, load(name), settings)
const dated = (points: Float64Array) =>
  Array.from({ length: points.length / 2 }, (_, index) => [
    new Date(points[index * 2] as number).toISOString().replace('T00:00:00.000Z', ''),
    points[index * 2 + 1],
  ])

test.each([
  ['backtesting-py-curve.csv', 'backtesting-py', 'equity'],
  ['backtesting-py-trades.csv', 'backtesting-py', 'trades'],
  ['vectorbt-trades.csv', 'vectorbt', 'trades'],
  ['pyfolio-returns.csv', 'returns', 'returns'],
  ['freqtrade.json', 'freqtrade', 'run'],
  ['lean.json', 'lean', 'run'],
  ['lean-old.json', 'lean', 'run'],
])('%s is told to be of its tool', (name, format, holds) => {
  expect(detectFormat(name, load(name).slice(0, 300))).toEqual({ format, holds })
})

test('backtesting.py: the curve, and trades whose profit is after commission', () => {
  const curve = read('backtesting-py-curve.csv')
  const { trades, facts, faults, notes } = read('backtesting-py-trades.csv', { instrument: 'GOOG' })

  expect(curve).toMatchObject({ facts: { engine: 'backtesting.py' }, faults: [], notes: [] })
  expect(dated(curve.points).slice(0, 3)).toEqual([
    ['2013-02-22', 10_000],
    ['2013-02-25', 10_020.5],
    ['2013-02-26', 9_919.25],
  ])
  expect({ faults, notes, facts }).toEqual({
    faults: [],
    notes: [],
    facts: { engine: 'backtesting.py', instruments: ['GOOG'] },
  })
  expect(trades).toEqual([
    {
      instrument: 'GOOG',
      quantity: 12,
      entry_at: '2013-02-25T00:00:00.000Z',
      exit_at: '2013-02-27T00:00:00.000Z',
      entry_price: 790.77,
      exit_price: 799.78,
      commission: 2.911176,
      profit: 105.208824,
    },
    expect.objectContaining({ quantity: -12, profit: -19.85 }),
  ])
})

test('vectorbt: value of the portfolio, fees of both ends, and no open trade', () => {
  const curve = read('vectorbt-curve.csv', { format: 'vectorbt' })
  const { trades, facts, notes } = read('vectorbt-trades.csv')

  expect(dated(curve.points).at(-1)).toEqual(['2019-01-04', 102.42])
  expect(curve).toMatchObject({ holds: 'equity', facts: { engine: 'vectorbt' }, faults: [] })
  expect(facts).toEqual({ engine: 'vectorbt', instruments: ['BTC-USD'] })
  expect(trades.map(({ side, commission, profit }) => ({ side, commission, profit }))).toEqual([
    { side: 'long', commission: 0.2, profit: 2.397114 },
    { side: 'short', commission: 0.2, profit: 2.573368 },
  ])
  expect(notes).toEqual(['Trades that were still open are left out: 1.'])
})

test('pyfolio and QuantStats: returns grow the capital', () => {
  const pyfolio = dated(read('pyfolio-returns.csv', { initialCapital: 1_000_000 }).points)
  const quantstats = dated(read('quantstats-returns.csv', { format: 'returns' }).points)

  expect(pyfolio).toEqual([
    ['2015-01-01', 1_000_000],
    ['2015-01-02', expect.closeTo(1_001_300, 6)],
    ['2015-01-05', expect.closeTo(1_001_300 * 0.9892, 6)],
    ['2015-01-06', expect.closeTo(1_001_300 * 0.9892 * 1.0047, 6)],
    ['2015-01-07', expect.closeTo(1_001_300 * 0.9892 * 1.0047 * 1.0112, 6)],
  ])
  expect(quantstats.slice(0, 2)).toEqual([
    ['2012-05-18', 100_000],
    ['2012-05-21', expect.closeTo(89_013.869, 6)],
  ])
})

test('Freqtrade: the balance of each day from its closed trades, and its own figures', () => {
  const { points, trades, facts, strategyName, faults, notes } = read('freqtrade.json')

  expect(faults).toEqual([])
  expect(dated(points)).toEqual([
    ['2021-04-30', 1_000],
    ['2021-05-01', 1_000],
    ['2021-05-02', 1_000],
    ['2021-05-03', 1_003.796],
    ['2021-05-04', 1_003.796],
    ['2021-05-05', expect.closeTo(1_001.594, 9)],
    ['2021-05-06', expect.closeTo(1_001.594, 9)],
    ['2021-05-07', expect.closeTo(1_001.594, 9)],
  ])
  expect(trades).toEqual([
    {
      instrument: 'ADA/USDT',
      side: 'long',
      quantity: 80,
      entry_at: '2021-05-02T10:00:00.000Z',
      exit_at: '2021-05-03T02:30:00.000Z',
      entry_price: 1.25,
      exit_price: 1.3,
      commission: expect.closeTo(0.204, 12),
      profit: 3.796,
    },
    expect.objectContaining({ instrument: 'SOL/USDT', side: 'short', profit: -2.202 }),
  ])
  expect(strategyName).toBe('SampleStrategy')
  expect(facts).toMatchObject({
    engine: 'Freqtrade',
    currency: 'USDT',
    initial_capital: 1_000,
    instruments: ['ADA/USDT', 'SOL/USDT'],
    reported_metrics: {
      total_return: 0.001594,
      max_drawdown: -0.00219366,
      win_rate: 0.5,
      profit_factor: expect.anything(),
    },
  })
  expect(facts.reported_metrics).not.toHaveProperty('sortino_ratio')
  expect(notes).toEqual([expect.stringMatching(/balance of closed trades/)])
  expect(() => read('freqtrade.json', { strategy: 'Other' })).toThrow(/holds no strategy Other; it has SampleStrategy/)
  expect(() => readImport('a.json', load('freqtrade.json').slice(0, 400))).toThrow(/cut off/)
})

test('Freqtrade: faults have the numbers of the file, open trades counted', () => {
  const document = JSON.parse(load('freqtrade.json'))
  const { trades } = document.strategy.SampleStrategy
  trades.unshift({ ...trades[0], is_open: true })
  trades[2].amount = 0
  const { faults, notes } = readImport('freqtrade.json', JSON.stringify(document))

  expect(faults).toEqual([{ line: null, message: 'Trade 3 has an amount of 0.' }])
  expect(notes).toContain('Trades that were still open are left out: 1.')
})

test('LEAN: equity at the close of each sample, trades after fees, as it writes them now and before', () => {
  const { points, trades, facts, faults, notes } = read('lean.json')
  const old = read('lean-old.json')

  expect(faults).toEqual([])
  expect(dated(points)).toEqual([
    ['2023-01-03T05:00:00.000Z', 100_000],
    ['2023-01-04T05:00:00.000Z', 99_747.5],
    ['2023-01-05T05:00:00.000Z', 100_210.5],
  ])
  expect(notes).toEqual([expect.stringMatching(/later one counts: 1/)])
  expect(trades).toEqual([
    {
      instrument: 'SPY',
      side: 'long',
      quantity: 250,
      entry_at: '2023-01-03T15:19:00.000Z',
      exit_at: '2023-01-03T18:27:00.000Z',
      entry_price: 380.5,
      exit_price: 379.5,
      commission: 2.5,
      profit: -252.5,
    },
    expect.objectContaining({ instrument: 'QQQ', side: 'short', profit: 198, commission: 2 }),
  ])
  expect(facts).toEqual({
    engine: 'QuantConnect LEAN',
    currency: 'USD',
    initial_capital: 100_000,
    instruments: ['QQQ', 'SPY'],
    reported_metrics: {
      total_return: 0.0021,
      cagr: 0.2411,
      volatility: 0.0835,
      sharpe_ratio: 1.4803,
      sortino_ratio: 2.8841,
      max_drawdown: -0.002,
    },
  })
  expect(dated(old.points)).toEqual([
    ['2013-10-07T04:00:00.000Z', 100_000],
    ['2013-10-08T04:00:00.000Z', 100_125.5],
  ])
  expect(old.trades).toMatchObject([{ instrument: 'SPY', side: 'long', commission: 3, profit: 147 }])
  expect(() => readImport('1-summary.json', '{"totalPerformance": {}}')).toThrow(/Strategy Equity/)
})

test('a trade that lacks something is refused by its number', () => {
  const broken = load('lean.json')
    .replace(/"direction": 1,\s*/, '')
    .replace('"entryPrice": 380.5', '"entryPrice": "x"')

  expect(readImport('lean.json', broken).faults).toEqual([
    { line: null, message: 'Trade 1 has no entryPrice that is a number.' },
    { line: null, message: 'Trade 2 has a direction that is neither 0 nor 1.' },
  ])
})

test('a series of returns under a name that tells nothing is read as what its values are, and it is said', () => {
  const { points, holds, notes, faults } = read('pandas-returns.csv')

  expect({ holds, faults, start: dated(points).slice(0, 2) }).toEqual({
    holds: 'returns',
    faults: [],
    start: [
      ['2020-01-01', 100_000],
      ['2020-01-02', 100_385.58419206478],
    ],
  })
  expect(notes).toContain('The values of “r” lie around zero and are taken for returns.')
  expect(read('pandas-returns.csv', { holds: 'equity' }).points[1]).toBeCloseTo(0.003856, 6) // whoever says so
  expect(() => readImport('x.csv', '2024-01-02,0.01\n2024-01-03,-0.02\n')).toThrow(/^The file has no heading/)
})
