import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equityRows } from '../../../server/ledger/intake/equity'
import { readDocument, readStatement, type StatementFormat } from '../../../server/ledger/intake/statement'
import { type TradeBatch, tradeRows } from '../../../server/ledger/intake/trades'

const MOST = { mostRows: 1000 }
const DAY1 = Date.UTC(2024, 0, 2)
const DAY2 = Date.UTC(2024, 0, 3)

/** Cuts a body into pieces at any places. */
function cut(body: string | Uint8Array, at: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(body as string)
  const edges = [0, ...at.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end))
}

function readEquity(format: StatementFormat, pieces: Uint8Array[], options: object = {}, after?: number) {
  const reader = readStatement(format, equityRows(after === undefined ? {} : { after }), { ...MOST, ...options })
  const rows: number[][] = []
  const flush = (most?: number) => {
    const { times, values } = reader.flush(most)
    times.forEach((time, index) => {
      rows.push([time, values[index] as number])
    })
  }
  for (const piece of pieces) {
    reader.read(piece)
    flush(2) // what is left waits for the next piece
  }
  reader.end()
  flush()
  expect(reader.waiting).toBe(0)
  return {
    rows,
    faults: reader.faults,
    reader,
  }
}
const equity = (format: StatementFormat, body: string | Uint8Array, options = {}, after?: number) =>
  readEquity(format, cut(body, []), options, after)

function readTrades(format: StatementFormat, body: string, pieces = cut(body, [])) {
  const reader = readStatement(format, tradeRows(), MOST)
  const rowsOf = (batch: TradeBatch) =>
    batch.instruments.map((instrument, index) => ({
      instrument,
      entry: batch.entryTimes[index],
      exit: batch.exitTimes[index],
      quantity: batch.quantities[index],
      entryPrice: batch.entryPrices[index],
      exitPrice: batch.exitPrices[index],
      profit: batch.profits[index],
      commission: batch.commissions[index],
    }))
  const rows = pieces.flatMap((piece) => {
    reader.read(piece)
    return rowsOf(reader.flush(2)) // what is left waits for the next piece
  })
  reader.end()
  rows.push(...rowsOf(reader.flush()))
  return { rows, faults: reader.faults }
}

const GOOD = [
  [DAY1, 100],
  [DAY2, 101.5],
]

describe('an equity curve is read from', () => {
  test.each<[string, StatementFormat, string]>([
    ['CSV', 'csv', 'time,equity\n2024-01-02,100\n2024-01-03,101.5\n'],
    ['CSV of Windows', 'csv', '\ufefftime,equity\r\n2024-01-02,100\r\n2024-01-03,101.5\r\n'],
    ['CSV without a last line end', 'csv', 'time,equity\n2024-01-02,100\n2024-01-03,101.5'],
    ['CSV with other columns, names and spaces', 'csv', 'n; Value ;DATE\n1; 100 ;2024-01-02\n\n2;101.5; 2024-01-03 \n'],
    ['CSV with tabs', 'csv', 'equity\ttime\n100\t1704153600000\n101.5\t1704240000000'],
    [
      'CSV with quotation marks',
      'csv',
      '"time","note, long","equity"\n"2024-01-02","say ""hi"",\nor not",100\n2024-01-03,,"101.5"\n',
    ],
    ['NDJSON', 'ndjson', '{"time":"2024-01-02","equity":100}\n{"equity":101.5,"time":1704240000000}\n'],
    ['NDJSON of arrays, with blank lines', 'ndjson', '["2024-01-02",100]\n\n[1704240000000, 101.5]'],
    ['JSON', 'json', '[{"time":"2024-01-02","equity":100},{"time":"2024-01-03","equity":101.5}]'],
    ['JSON of arrays', 'json', '[["2024-01-02",100],["2024-01-03",101.5]]'],
    [
      'JSON with spaces',
      'json',
      '\ufeff [ {\n "time" : "2024-01-02" ,\n "equity" : 100 } ,\r\n\t["2024-01-03" , 1015e-1 ] ] \n',
    ],
    [
      'JSON with escapes and more members',
      'json',
      '[{"t\\u0069me":"2024-01-02","equity":100},{"time":"2024\\u002d01-03","equity":101.5,"more":{"a":[1,"]}"]}}]',
    ],
    [
      'JSON with null for what is not needed',
      'json',
      '[{"time":"2024-01-02","equity":100,"x":null},["2024-01-03",101.5,null,true]]',
    ],
  ])('%s', (_, format, body) => {
    expect(equity(format, body)).toMatchObject({ rows: GOOD, faults: [] })
  })

  test.each<[StatementFormat, string]>([
    ['csv', 'time,equity\n'],
    ['ndjson', ''],
    ['json', '[]'],
    ['json', ' [ \n ] '],
  ])('%s without rows', (format, body) => {
    expect(equity(format, body)).toMatchObject({ rows: [], faults: [] })
  })

  test('columns under names that a person assigned, and only those', () => {
    const columnNames = { time: 'When', equity: 'NAV' }

    expect(equity('csv', 'when,nav,equity\n2024-01-02,100,5\n2024-01-03,101.5,5', { columnNames }).rows).toEqual(GOOD)
    expect(equity('csv', 'time,equity\n2024-01-02,100', { columnNames }).faults).toEqual([
      { line: 1, message: 'The heading has no column "When".' },
    ])
  })
})

describe('any body reads the same wherever its pieces are cut', () => {
  const cuts = fc.array(fc.nat(5000), { maxLength: 12 })
  const rows = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    { maxLength: 30 },
  )
  const note = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\\', 'é', '{', ']', '€', '\r') })
  const bodies: Record<string, { format: StatementFormat; write: (rows: [number, number, string][]) => string }> = {
    CSV: {
      format: 'csv',
      write: (all) =>
        [
          'time,note,equity',
          ...all.map(
            ([time, value, text]) => `${new Date(time).toISOString()},"${text.replaceAll('"', '""')}",${value}`,
          ),
        ].join('\r\n'),
    },
    NDJSON: {
      format: 'ndjson',
      write: (all) => all.map(([time, value, text]) => JSON.stringify({ text, time, equity: value })).join('\n'),
    },
    JSON: {
      format: 'json',
      write: (all) => JSON.stringify(all.map(([time, equity, text]) => ({ time, text, equity }))),
    },
    'indented JSON': {
      format: 'json',
      write: (all) =>
        JSON.stringify(
          all.map(([time, equity, text]) => [time, equity, [text]]),
          null,
          2,
        ),
    },
  }

  test.each(Object.entries(bodies))('%s', (_, { format, write }) => {
    fc.assert(
      fc.property(rows, note, cuts, (drawn, text, at) => {
        let time = DAY1
        const all = drawn.map(([step, value]) => {
          time += step
          return [time, value === 0 ? 0 : value, text] as [number, number, string]
        })
        const { rows: read, faults } = readEquity(format, cut(write(all), at))

        expect(faults).toEqual([])
        expect(read).toEqual(all.map(([at, value]) => [at, value]))
      }),
    )
  })

  test.each<[StatementFormat, string]>([
    ['csv', 'time,equity\n2024-01-02,100\nnonsense\n2024-01-04,x\n2024-01-01,5\n"2024-01-05",7\n'],
    ['ndjson', '{"time":"2024-01-02","equity":100}\n{broken\n[]\n17\n["2024-01-01",1]\n'],
    ['json', '[["2024-01-02",100],\n{"time":5},\n"x",\n[1]\n,["2024-01-03",1]] x'],
  ])('%s with faults: the same faults', (format, body) => {
    const whole = equity(format, body)
    expect(whole.faults.length).toBeGreaterThan(2)
    fc.assert(
      fc.property(cuts, (at) => {
        const { rows: read, faults } = readEquity(format, cut(body, at))
        expect({ read, faults }).toEqual({ read: whole.rows, faults: whole.faults })
      }),
    )
  })

  test('no bytes whatever do more than make faults', () => {
    const format = fc.constantFrom<StatementFormat>('csv', 'ndjson', 'json')
    const bytes = fc.uint8Array({ maxLength: 200 })
    const scraps = fc.array(
      fc.constantFrom('[', ']', '{', '}', '"', ',', ':', '\n', '1', 'time', 'equity', '\\', '-'),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(
        format,
        fc.oneof(
          bytes,
          scraps.map((all) => Buffer.from(all.join(''))),
        ),
        cuts,
        (kind, body, at) => {
          readEquity(kind, cut(body, at))
          const reader = readDocument({ rows: { sink: equityRows(), options: MOST } })
          for (const piece of cut(body, at)) reader.read(piece)
          reader.end()
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('a row that is read in passing', () => {
  const spelt = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(String),
    fc.tuple(fc.integer(), fc.nat(12)).map(([whole, digits]) => whole.toFixed(digits)),
    fc.stringMatching(/^-?\d{0,20}\.?\d{0,24}$/),
    fc.constantFrom('', '-', '-0', '00', '0.0', '1e5', 'NaN', ' 1', '1 ', '.5', '5.', '1.2.3', '-.1'),
  )
  const instant = fc.date({ min: new Date('1950-01-01'), max: new Date('2050-01-01'), noInvalidDate: true })
  const moment = fc.oneof(
    instant.map((date) => date.toISOString()),
    instant.map((date) => date.toISOString().slice(0, 10)),
    instant.map((date) => date.toISOString().replace('T', ' ').replace('.000Z', '+01:00')),
    instant.map((date) => String(date.getTime())),
    fc.constantFrom('', '-', '2024-02-30', '2024-03-01T10:00', '1709308800000.0', '20240301', ' 2024-03-01', '-1'),
  )
  const name = fc.constantFrom('SPY', 'EURUSD', 'Ä', ' X', '', 'x'.repeat(65))
  const side = fc.constantFrom('', '', 'long', 'SHORT', 'up')
  const ending = fc.constantFrom('\n', '\r\n')
  const cuts = fc.array(fc.nat(4000), { maxLength: 4 })
  const quote = (row: string[]) => row.map((cell) => `"${cell}"`)

  // Quotation marks around the cells send every row the long way.
  const bothWays = (heading: string, rows: string[][], end: string) =>
    [rows, rows.map(quote)].map((all) => [heading, ...all.map((row) => row.join(','))].join(end) + end)

  test('means what it means when every cell of it is quoted: points', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(moment, spelt, name)), ending, cuts, (rows, end, at) => {
        const [plain, quoted] = bothWays('time,equity,note', rows, end) as [string, string]
        const [one, other] = [readEquity('csv', cut(plain, at)), readEquity('csv', cut(quoted, []))]

        expect([one.rows, one.faults]).toEqual([other.rows, other.faults])
      }),
      { numRuns: 300 },
    )
  })

  test('means what it means when every cell of it is quoted: trades', () => {
    const price = fc.double({ min: 0.01, max: 1e5, noNaN: true }).map(String)
    const row = fc.oneof(
      fc.tuple(name, spelt, moment, moment, spelt, spelt, side, spelt, spelt),
      fc.tuple(
        ...[
          fc.constantFrom('SPY', 'Ä', ' X', 'X '),
          price,
          fc.constant('2024-03-01'),
          fc.constant('2024-03-01T10:00:00Z'),
        ],
        ...[price, price, side, fc.constantFrom('', '1.5'), fc.constantFrom('', '-7')],
      ),
    )
    fc.assert(
      fc.property(fc.array(row), ending, cuts, (rows, end, at) => {
        const heading = 'instrument,quantity,entry_at,exit_at,entry_price,exit_price,side,commission,profit'
        const [plain, quoted] = bothWays(heading, rows, end) as [string, string]

        expect(readTrades('csv', plain, cut(plain, at))).toEqual(readTrades('csv', quoted))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a bad row is refused with its line', () => {
  test.each<[string, StatementFormat, string, number, RegExp]>([
    [
      'no number',
      'csv',
      'time,equity\n2024-01-02,100\n2024-01-03,abc\n',
      3,
      /^Row 2 has an equity that is no finite number\.$/,
    ],
    ['NaN', 'csv', 'time,equity\n2024-01-02,NaN\n', 2, /no finite number/],
    ['an empty cell', 'csv', 'time,equity\n2024-01-02,\n', 2, /^Row 1 has no equity\.$/],
    ['too few cells', 'csv', 'time,equity\n2024-01-02\n', 2, /1 cells where the heading has 2/],
    ['too many cells', 'csv', 'time,equity\n2024-01-02,1,2\n', 2, /3 cells where the heading has 2/],
    [
      'a bad row behind a quoted line end',
      'csv',
      'time,note,equity\n2024-01-02,"a\nb\n\nc",1\n2024-01-03,x,?\n',
      6,
      /^Row 2 has an equity that is no finite number\.$/,
    ],
    ['blank lines before it', 'csv', '\n\ntime,equity\n\n2024-01-02,x\n', 5, /Row 1/],
    [
      'nothing but empty lines, as CSV',
      'csv',
      '\n'.repeat(50_000),
      10_001,
      /^Too many lines are empty: leave them out\.$/,
    ],
    ['nothing but empty lines, as NDJSON', 'ndjson', '\r\n'.repeat(50_000), 10_001, /^Too many lines are empty/],
    [
      'many empty lines, and a bad row',
      'ndjson',
      `${'\n'.repeat(9_999)}["2024-01-03",1]\n\n["2024-01-02",1]\n`,
      10_002,
      /not later/,
    ],
    ['a quotation mark out of place', 'csv', 'time,equity\n2024-01-02,1"2"\n', 2, /quotation mark/],
    [
      'a time that goes back',
      'csv',
      'time,equity\n2024-01-03,1\n2024-01-02,1\n',
      3,
      /not later than the point before it, 2024-01-03T/,
    ],
    ['the same time again', 'ndjson', '["2024-01-03",1]\n["2024-01-03",1]\n', 2, /not later/],
    ['no zone', 'ndjson', '["2024-01-03T10:00:00",1]', 1, /no zone/],
    ['seconds', 'ndjson', '[1704153600,1]', 1, /seconds are multiplied/],
    ['a number as text that is none', 'ndjson', '["2024-01-03","1,000"]', 1, /no finite number\.$/],
    ['broken JSON', 'ndjson', '["2024-01-03",1]\n{"time":\n', 2, /is not JSON/],
    ['JSON that JSON forbids', 'ndjson', '["2024-01-03",01]', 1, /is not JSON|no finite number/],
    ['a comma too many', 'ndjson', '["2024-01-03",1,]', 1, /is not JSON/],
    ['a comma at the end', 'json', '[["2024-01-02",1],]', 1, /Row 2 is not JSON/],
    ['two values', 'ndjson', '["2024-01-03",1]["2024-01-04",1]', 1, /is not JSON/],
    ['no row at all', 'ndjson', '"x"', 1, /neither an object nor an array/],
    ['a list for a number', 'json', '[\n["2024-01-03",[1]]]', 2, /no finite number\.$/],
    ['true for a time', 'json', '[\n\n[true,1]]', 3, /is no time/],
    [
      'a row over several lines',
      'json',
      '[\n["2024-01-03",\n1],\n{"time":"2024-01-04",\n\n"equity":"x"}\n]',
      4,
      /Row 2/,
    ],
  ])('%s', (_, format, body, line, message) => {
    const { faults, rows } = equity(format, body)

    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({ line, message: expect.stringMatching(message) })
    expect(rows.flat().every(Number.isFinite)).toBe(true)
  })

  test.each<[string, StatementFormat, string, number, RegExp]>([
    ['an empty CSV', 'csv', '', 1, /first line of CSV/],
    ['a heading without equity', 'csv', 'time,x\n2024-01-02,1\n', 1, /no column "equity" or "value" or "balance"/],
    ['a heading that names a column twice', 'csv', 'time,equity,value\n', 1, /names equity 2 times/],
    ['a quotation that never ends', 'csv', 'time,equity\n2024-01-02,"1\n2024', 2, /never ends/],
    ['an object for an array', 'json', '{"a":1}', 1, /no JSON array/],
    ['a body that ends early', 'json', '[\n[1704153600000,1],\n', 3, /ends in the middle/],
    ['text after the end', 'json', '[]\n[]', 2, /not JSON/],
    ['no comma', 'json', '[["2024-01-02",1]["2024-01-03",1]]', 1, /not JSON/],
    ['nothing', 'json', '', 1, /ends in the middle/],
  ])('and a bad body: %s', (_, format, body, line, message) => {
    const { faults, reader } = equity(format, body)

    expect(faults).toEqual([{ line, message: expect.stringMatching(message) }])
    expect(reader.isOver).toBe(true)
  })

  test('the point recorded before counts', () => {
    expect(equity('ndjson', '["2024-01-03",1]', {}, DAY2).faults).toHaveLength(1)
    expect(equity('ndjson', '["2024-01-03",1]', {}, DAY1).faults).toHaveLength(0)
  })

  test('a row more than there may be ends the body', () => {
    const body = 'time,equity\n2024-01-02,1\n2024-01-03,1\n2024-01-04,1\n2024-01-05,1\n'

    expect(equity('csv', body, { mostRows: 4 }).faults).toEqual([])
    expect(equity('csv', body, { mostRows: 2 })).toMatchObject({
      faults: [{ line: 4, message: 'There are more than 2 rows.' }],
      reader: { isOver: true, rowCount: 2 },
    })
  })

  test('fifty faults are enough', () => {
    const { faults, reader } = equity('csv', `time,equity\n${'x,y\n'.repeat(80)}`)

    expect(faults).toHaveLength(50)
    expect(faults.at(-1)?.line).toBe(51)
    expect(reader.isOver).toBe(true)
  })

  test.each<[StatementFormat, string, string]>([
    ['csv', 'time,equity\n', 'x'],
    ['ndjson', '', 'x'],
    ['json', '[', ' ["'],
    ['json', '["', 'x'],
  ])('a row without end does not fill the memory: %s', (format, start, filling) => {
    const reader = readStatement(format, equityRows(), MOST)
    reader.read(Buffer.from(start))
    const piece = Buffer.from(filling.repeat(10_000))
    let pieces = 0
    while (!reader.isOver && pieces < 100) {
      reader.read(piece)
      pieces++
    }

    expect(pieces).toBeLessThan(10)
    expect(reader.faults[0]?.message).toMatch(/more than 65536 bytes/)
  })
})

describe('trades', () => {
  const HEADING = 'instrument,side,quantity,entry_at,exit_at,entry_price,exit_price'

  test.each<[string, StatementFormat, string]>([
    ['CSV', 'csv', `${HEADING},commission,profit\nSPY,long,10,2024-01-02,2024-01-03,100,101,2,7.5\n`],
    [
      'NDJSON',
      'ndjson',
      JSON.stringify({
        symbol: 'SPY',
        size: 10,
        entry_time: DAY1,
        exit_time: DAY2,
        entry_price: 100,
        exit_price: 101,
        fees: 2,
        pnl: 7.5,
      }),
    ],
    [
      'JSON',
      'json',
      JSON.stringify([
        {
          ticker: 'SPY',
          direction: 'buy',
          qty: 10,
          entry_date: '2024-01-02',
          exit_date: '2024-01-03',
          entry_price: 100,
          exit_price: 101,
          fee: 2,
          net_profit: 7.5,
        },
      ]),
    ],
  ])('are read from %s', (_, format, body) => {
    expect(readTrades(format, body)).toEqual({
      rows: [
        {
          instrument: 'SPY',
          entry: DAY1,
          exit: DAY2,
          quantity: 10,
          entryPrice: 100,
          exitPrice: 101,
          profit: 7.5,
          commission: 2,
        },
      ],
      faults: [],
    })
  })

  test.each([
    ['long', '10', 10, 10],
    ['BUY', '10', 10, 10],
    ['short', '10', -10, -10],
    ['Sell', '10', -10, -10],
    ['-1', '10', -10, -10],
    ['', '-10', -10, -10],
    ['', '10', 10, 10],
  ])('side %j and quantity %s', (side, quantity, signed, profit) => {
    const { rows } = readTrades('csv', `${HEADING}\nSPY,${side},${quantity},2024-01-02,2024-01-02,100,101\n`)

    expect(rows).toMatchObject([{ quantity: signed, profit, commission: 0 }])
  })

  test('columns that may be left out may be missing from the heading, others may not', () => {
    const names = ['instrument', 'quantity', 'entry_at', 'exit_at', 'entry_price', 'exit_price']
    const row = ['SPY', '-2', '2024-01-02', '2024-01-03', '100', '95']

    expect(readTrades('csv', `${names.join()}\n${row.join()}\n`).rows).toMatchObject([{ quantity: -2, profit: 10 }])
    names.forEach((name, missing) => {
      const without = (all: string[]) => all.filter((_, index) => index !== missing).join()
      const { rows, faults } = readTrades('csv', `${without(names)}\n${without(row)}\n`)

      expect(rows).toEqual([])
      expect(faults).toEqual([{ line: 1, message: expect.stringContaining(`no column "${name}"`) }])
      const member = Object.fromEntries(
        names.map((each, index) => [each, row[index]]).filter(([each]) => each !== name),
      )
      expect(readTrades('ndjson', JSON.stringify(member)).faults[0]?.message).toBe(`Row 1 has no ${name}.`)
    })
  })

  test('a profit that is not given is after commission', () => {
    const { rows } = readTrades('csv', `${HEADING},commission\nSPY,short,10,2024-01-02,2024-01-03,100,95,1.5\n`)

    expect(rows).toMatchObject([{ profit: 48.5 }])
  })

  test.each([
    [',long,1,2024-01-02,2024-01-03,1,1', /no instrument/],
    [`${'x'.repeat(65)},long,1,2024-01-02,2024-01-03,1,1`, /1 to 64 characters/],
    ['SPY,up,1,2024-01-02,2024-01-03,1,1', /neither long nor short\.$/],
    ['SPY,long,-1,2024-01-02,2024-01-03,1,1', /must be above 0/],
    ['SPY,,0,2024-01-02,2024-01-03,1,1', /quantity of 0/],
    ['SPY,long,1,2024-01-03,2024-01-02,1,1', /exit_at before its entry_at/],
    ['SPY,long,1,2024-01-03,,1,1', /no exit_at/],
    ['SPY,long,1,2024-01-02,2024-01-03,,1', /no entry_price/],
    ['SPY,long,1e308,2024-01-02,2024-01-03,1,1e10', /too large/],
  ])('%s is refused', (row, message) => {
    const { rows, faults } = readTrades('csv', `${HEADING}\nSPY,long,1,2024-01-02,2024-01-03,1,1\n${row}\n`)

    expect(rows).toHaveLength(1)
    expect(faults).toEqual([{ line: 3, row: 2, message: expect.stringMatching(message) }])
  })

  test('instruments of any names keep them, however often they come', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 16 })
      .filter((text) => text.length <= 64 && !/\p{Cs}/u.test(text))
    fc.assert(
      fc.property(fc.array(name, { maxLength: 40 }), fc.array(fc.nat(5000), { maxLength: 5 }), (names, at) => {
        const body = names
          .map((instrument) =>
            JSON.stringify({ instrument, quantity: 1, entry_at: DAY1, exit_at: DAY2, entry_price: 1, exit_price: 1 }),
          )
          .join('\n')

        const { rows, faults } = readTrades('ndjson', body, cut(body, at))
        expect(faults).toEqual([])
        expect(rows.map(({ instrument }) => instrument)).toEqual(names)
      }),
    )
  })
})

describe('a run in one document', () => {
  const read = (body: string, at: readonly number[] = []) => {
    const curve = equityRows()
    const trades = tradeRows()
    const reader = readDocument({
      equity_curve: { sink: curve, options: MOST },
      trades: { sink: trades, options: { mostRows: 1 } },
    })
    for (const piece of cut(body, at)) reader.read(piece)
    reader.end()
    return { reader, values: [...curve.flush().values], instruments: trades.flush().instruments }
  }
  const trade = '["SPY",1,"2024-01-02","2024-01-03",1,2]'

  test('gives the rows to the sinks and keeps the rest, wherever it is cut', () => {
    const body = `{"seed": 42, "equity_curve": [["2024-01-02", 100], ["2024-01-03", 101]],\n "note": {"a": ["]}", null]}, "trades": [${trade}], "x": null}`
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { maxLength: 12 }), (at) => {
        const { reader, values, instruments } = read(body, at)

        expect(reader.faults).toEqual([])
        expect({ values, instruments, rest: reader.rest() }).toEqual({
          values: [100, 101],
          instruments: ['SPY'],
          rest: { seed: 42, note: { a: [']}', null] }, x: null },
        })
        expect([reader.rowCount('equity_curve'), reader.rowCount('trades')]).toEqual([2, 1])
      }),
    )
  })

  test('an array that is null or not there has no rows', () => {
    expect(read('{"trades":null}').reader.faults).toEqual([])
    expect(read('{}').values).toEqual([])
  })

  test.each([
    ['{"equity_curve":[["2024-01-02",1],["2024-01-02",1]]}', 1, /^Row 2 of equity_curve is not later/],
    [`{"trades":[${trade},\n${trade}]}`, 2, /^There are more than 1 rows of trades\.$/],
    ['{"equity_curve":7}', 1, /"equity_curve" is no array of rows/],
    ['{"trades":[],"trades":[]}', 1, /"trades" stands there twice/],
    ['{"a":tru}', 1, /not JSON/],
    ['{"a":1,}', 1, /ends in the middle|not JSON/],
    ['{a:1}', 1, /not JSON/],
    ['{"a",1}', 1, /not JSON/],
    ['{"a" 1}', 1, /not JSON/],
    ['{"a":1 "b":2}', 1, /not JSON/],
    ['{"a":1:"b"}', 1, /not JSON/],
    ['{"a":1]', 1, /not JSON/],
    ['{"trades":[}', 1, /not JSON/],
    ['{1:1}', 1, /name of a member/],
    ['[]', 1, /no JSON object/],
    [`{"a":"${'x'.repeat(300_000)}"}`, 1, /more than 262144 bytes/],
  ])('%.60s is refused', (body, line, message) => {
    expect(read(body).reader.faults[0]).toMatchObject({ line, message: expect.stringMatching(message) })
  })
})
