import { expect, test } from 'vitest'
import { detectFormat, type ImportSettings, previewImport, readImport, UnreadableFile } from '../../importers/index'

const DAY = Date.UTC(2024, 0, 2)
const pairs = (points: Float64Array) =>
  Array.from({ length: points.length / 2 }, (_, index) => [points[index * 2], points[index * 2 + 1]])
const dated = (points: Float64Array) =>
  pairs(points).map(([time, value]) => [new Date(time as number).toISOString(), value])

test.each<[string, string, ImportSettings?]>([
  ['ISO days', 'time,equity\n2024-01-02,100000\n2024-01-03,100500.25\n'],
  [
    'a byte order mark, Windows line ends, blank lines',
    '\ufefftime,equity\r\n2024-01-02,100000\r\n\r\n2024-01-03,100500.25\r\n',
  ],
  [
    'semicolons, other names and a column nobody asked for',
    'Date;Note;Net Liq\n2024-01-02;a;100000\n2024-01-03;b;100500.25',
  ],
  ['the index that pandas leaves without a name', ',0\n2024-01-02,100000\n2024-01-03,100500.25'],
  ['quotation marks', '"Date","Equity"\n"2024-01-02","100000"\n"2024-01-03","100500.25"\n'],
  ['newest first', 'date,equity\n2024-01-03,100500.25\n2024-01-02,100000'],
  ['German dates', 'date\tequity\n02.01.2024\t100000\n03.01.2024\t100500.25'],
  ['American dates, told by a later row', 'date,equity\n1/2/2024,100000\n1/3/2024,100500.25\n1/31/2024,1'],
  ['American dates, as stated', 'date,equity\n1/2/2024,100000\n1/3/2024,100500.25', { dateFormat: 'month-day-year' }],
  ['compact dates', 'date,equity\n20240102,100000\n20240103,100500.25'],
  ['seconds', `time,equity\n${DAY / 1000},100000\n${DAY / 1000 + 86_400},100500.25`],
  ['milliseconds', `time,equity\n${DAY},100000\n${DAY + 86_400_000},100500.25`],
  ['a zone', 'time,equity\n2024-01-02 01:00:00+01:00,100000\n2024-01-03 01:00:00+01:00,100500.25'],
  ['a stated zone', 'time,equity\n2024-01-01 19:00,100000\n2024-01-02 19:00,100500.25', { utcOffset: '-05:00' }],
  ['assigned columns', 'a,b,c\n1,2024-01-02,100000\n2,2024-01-03,100500.25', { columns: { time: 'b', equity: 'c' } }],
])('a curve with %s is read', (_what, text, settings) => {
  const { points, faults, trades } = readImport('curve.csv', text, settings)

  expect(faults).toEqual([])
  expect(trades).toEqual([])
  expect(pairs(points).slice(0, 2)).toEqual([
    [DAY, 100_000],
    [DAY + 86_400_000, 100_500.25],
  ])
})

test.each<[string, string, { line: number; message: RegExp }[]]>([
  [
    'a decimal comma',
    'date;equity\n2024-01-02;100000,50\n2024-01-03;1\n2024-01-04;1.000,5',
    [
      { line: 2, message: /equity that has a comma; write numbers with a decimal point.*"100000,50"/ },
      { line: 4, message: /has a comma/ },
    ],
  ],
  [
    'a decimal comma between commas',
    'date,equity\n2024-01-02,100000,50\n2024-01-03,1',
    [{ line: 2, message: /3 cells where the heading has 2\. A comma within a number/ }],
  ],
  ['thousands', 'date;equity\n2024-01-02;100,000.50', [{ line: 2, message: /separators of thousands/ }]],
  [
    'currency and per cent',
    'date;equity\n2024-01-02;$100\n2024-01-03;12%',
    [
      { line: 2, message: /currency sign/ },
      { line: 3, message: /percentage/ },
    ],
  ],
  [
    'no value, and an impossible day',
    'date,equity\n2024-01-02,\n2024-02-30,1\n2024-03-01,nan',
    [
      { line: 2, message: /has no equity/ },
      { line: 3, message: /no date like .*"2024-02-30"/ },
      { line: 4, message: /has no equity/ },
    ],
  ],
  ['a time twice', 'date,equity\n2024-01-02,1\n2024-01-02,2', [{ line: 3, message: /not later than the one before/ }]],
])('%s is refused with the line', (_what, text, expected) => {
  const { faults } = readImport('curve.csv', text)

  expect(faults).toEqual(expected.map(({ line, message }) => ({ line, message: expect.stringMatching(message) })))
})

test.each<[string, string, ImportSettings, RegExp]>([
  ['an empty file', '', {}, /no file of a format that is read/],
  ['a heading alone', 'date,equity\n', {}, /no rows/],
  [
    'days that may be months',
    'date,equity\n01/02/2024,1\n02/03/2024,2',
    {},
    /whether the day or the month comes first/,
  ],
  ['dates in words', 'date,equity\nyesterday,1', {}, /Dates are written as/],
  [
    'two columns of numbers',
    'a,b\n1,2',
    {},
    /^Say which column is the time: the file has “a”, “b”, and “a” holds no dates\.$/,
  ],
  [
    'no column for the values',
    'date,a,b\n2024-01-02,1,2',
    {},
    /which column is the equity; the file has “date”, “a”, “b”/,
  ],
  [
    'an assigned column that is not there',
    'date,equity\n2024-01-02,1',
    { columns: { equity: 'nav' } },
    /no column “nav”/,
  ],
  ['a zip', 'PK\u0003\u0004…', {}, /Unpack a .zip first/],
  ['an offset that is none', 'date,equity\n2024-01-02,1', { utcOffset: 'Berlin' }, /no offset from UTC/],
  ['quotation marks out of place', 'date,equity\n2024-01-02,"1" 2', {}, /quotation mark out of place/],
])('%s is refused as a whole', (_what, text, settings, message) => {
  expect(() => readImport('a.csv', text, settings)).toThrow(UnreadableFile)
  expect(() => readImport('a.csv', text, settings)).toThrow(message)
})

test('a column that is said to be none is not guessed again', () => {
  const text = 'symbol,qty,entry_time,exit_time,entry_price,exit_price,fees\nES,1,2024-01-02,2024-01-03,100,101,lots'
  const columns = { instrument: '', commission: '' }
  const { mapping, missing } = previewImport('trades.csv', text, { columns })

  expect({ ...mapping, missing }).toEqual({
    quantity: 'qty',
    entry_at: 'entry_time',
    exit_at: 'exit_time',
    entry_price: 'entry_price',
    exit_price: 'exit_price',
    missing: [],
  })
  expect(readImport('trades.csv', text, { columns, instrument: 'NQ' })).toMatchObject({
    trades: [{ instrument: 'NQ' }],
    faults: [],
  })
  expect(previewImport('trades.csv', text, { columns: { quantity: '' } }).missing).toEqual([
    expect.stringMatching(/which column is the quantity/),
  ])
})

test.each([
  ['UTC', 'UTC.'],
  ['Z', 'UTC.'],
  [undefined, 'UTC.'],
  ['+01:00', 'UTC+01:00.'],
])('an offset of %s is said as %s', (utcOffset, said) => {
  const { notes } = readImport('a.csv', 'time,equity\n2024-01-02 10:00,1', { utcOffset })
  expect(notes).toEqual([`Times without a zone are taken for ${said}`])
})

test('at most fifty faults are told', () => {
  const rows = Array.from({ length: 500 }, (_, index) => `${2024 + index}-01-01,x`).join('\n')

  expect(readImport('curve.csv', `date,equity\n${rows}`).faults).toHaveLength(50)
})

test('trades are read with whatever their columns are called, and what is open is left out', () => {
  const text = [
    'Symbol;Direction;Qty;Open Time;Close Time;Open Price;Close Price;Fees;Net Profit;Status',
    'SPY;BUY;10;2024-01-02 15:30;2024-01-03 15:30;470;475;2;48;closed',
    'SPY;short;5;2024-01-02 15:30;2024-01-03 15:30;470;475;;;closed',
    'SPY;BUY;10;2024-01-04 15:30;;470;;2;;open',
    'SPY;sideways;10;2024-01-02;2024-01-03;470;475;2;48;closed',
    'SPY;BUY;10;2024-01-03;2024-01-02;470;475;2;48;closed',
  ].join('\n')

  const { holds, points, trades, facts, notes, faults } = readImport('trades.csv', text)

  expect({ holds, points: points.length, facts }).toEqual({
    holds: 'trades',
    points: 0,
    facts: { instruments: ['SPY'] },
  })
  const leg = { instrument: 'SPY', entry_at: '2024-01-02T15:30:00.000Z', exit_at: '2024-01-03T15:30:00.000Z' }
  expect(trades).toEqual([
    { ...leg, side: 'long', quantity: 10, entry_price: 470, exit_price: 475, commission: 2, profit: 48 },
    { ...leg, side: 'short', quantity: 5, entry_price: 470, exit_price: 475 },
  ])
  expect(notes.join()).toMatch(/still open are left out: 1.*without a zone/)
  expect(faults.map(({ line }) => line)).toEqual([5, 6])
})

test('the preview shows what it would do, and what a person has to say first', () => {
  const text = 'when,a,b\n01/02/2024,5,100000\n02/02/2024,6,100500\ncut of'

  const preview = previewImport('curve.csv', text)
  const corrected = previewImport('curve.csv', text, {
    columns: { time: 'when', equity: 'b' },
    dateFormat: 'day-month-year',
  })

  expect(preview).toMatchObject({
    format: 'csv',
    holds: 'equity',
    columns: ['when', 'a', 'b'],
    rows: [
      ['01/02/2024', '5', '100000'],
      ['02/02/2024', '6', '100500'],
    ],
    roles: [
      { name: 'time', isRequired: true },
      { name: 'equity', isRequired: true },
    ],
    mapping: {},
    dateFormat: null,
  })
  expect(preview.missing).toHaveLength(2)
  expect(corrected).toMatchObject({ mapping: { time: 'when', equity: 'b' }, dateFormat: 'day-month-year', missing: [] })
})

test.each<[string, string, string | undefined]>([
  ['curve.csv', 'date,equity\n', 'csv'],
  ['result.json', '{"strategy": {"A": {"trades": []', 'freqtrade'],
  ['1.json', '{\n "rollingWindow": {', 'lean'],
  ['package.json', '{"name": "x"}', undefined],
  ['a.zip', 'PK\u0003\u0004', undefined],
  ['words.txt', 'nothing here', undefined],
])('%s is told by its beginning', (name, head, format) => {
  expect(detectFormat(name, head)?.format).toBe(format)
})

test('returns grow a capital that stands one step before the first, or at a first return of none', () => {
  const plain = readImport('r.csv', 'date,returns\n2024-01-08,0.01\n2024-01-09,-0.1\n2024-01-10,0.1', {
    initialCapital: 1_000,
  })
  const pandas = readImport('r.csv', 'Date,strategy\n2024-01-05,\n2024-01-08,0.01\n2024-01-09,-0.1', {
    format: 'returns',
    initialCapital: 1_000,
  })

  // Monday's return began on Friday.
  expect(dated(plain.points)).toEqual([
    ['2024-01-05T00:00:00.000Z', 1_000],
    ['2024-01-08T00:00:00.000Z', 1_010],
    ['2024-01-09T00:00:00.000Z', 909],
    ['2024-01-10T00:00:00.000Z', expect.closeTo(999.9, 9)],
  ])
  expect(plain).toMatchObject({
    format: 'returns',
    facts: { initial_capital: 1_000 },
    notes: [expect.stringMatching(/2024-01-05/)],
  })
  expect(dated(pandas.points)).toEqual(dated(plain.points).slice(0, 3))
  expect(pandas.notes).toEqual([])
})
