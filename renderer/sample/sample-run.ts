import prices from './exchange-rates.json'

const CAPITAL = 100_000
const COST = 0.0005 // of what is bought or sold
const CURRENCIES = Object.entries(prices.rates)
const SHARE = 1 / CURRENCIES.length

export const SOURCE = { title: prices.title, name: prices.source, licence: prices.licence }

export interface SampleTrade {
  instrument: string
  side: 'long' | 'short'
  quantity: number
  entry_at: string
  exit_at: string
  entry_price: number
  exit_price: number
  commission: number
}

/**
 * Time-series momentum on currencies against the dollar: an eighth of the capital in each, long where the rate is above
 * the one of so many months before, short where it is below. What is known at the end of a month is acted on in the next,
 * because a rate is the average of its month and cannot be had any more at its end. Positions are set anew each month;
 * 0.05 % of what is bought or sold is paid, and interest is left out.
 *
 * @param lookback months, 1 or more
 * @returns a point a month, at its end, from the first one with a signal; trades from each change of side to the next
 */
export function sampleRun(lookback: number): { equity: [string, number][]; trades: SampleTrade[] } {
  const months = CURRENCIES[0]?.[1].length ?? 0
  const equity: [string, number][] = []
  const trades: SampleTrade[] = []
  const held = CURRENCIES.map(() => ({ side: 0, weight: 0, since: 0, quantity: 0 }))
  let worth = CAPITAL
  for (let month = lookback + 1; month < months; month++) {
    let gained = 0
    for (const [at, [instrument, rates]] of CURRENCIES.entries()) {
      const position = held[at]
      const [now, before] = [rates[month], rates[month - 1]]
      const [known, then] = [rates[month - 1], rates[month - 1 - lookback]]
      if (!position || !now || !before || !known || !then) throw new RangeError('The sample has a gap in its rates.')
      gained += (position.weight * (now - before)) / before
      const grown = (position.weight * now) / before
      const side = Math.sign(known - then)
      const isLast = month === months - 1
      if (position.side !== 0 && (side !== position.side || isLast))
        trades.push({
          instrument,
          side: position.side > 0 ? 'long' : 'short',
          quantity: position.quantity,
          entry_at: endOf(position.since),
          exit_at: endOf(month),
          entry_price: rates[position.since] as number,
          exit_price: now,
          commission: round(COST * position.quantity * ((rates[position.since] as number) + now)),
        })
      const weight = isLast ? 0 : side * SHARE
      gained -= COST * Math.abs(weight - grown)
      if (side !== position.side || isLast)
        held[at] = { side, weight, since: month, quantity: round((worth * SHARE) / now) }
      else position.weight = weight
    }
    worth *= 1 + gained
    equity.push([endOf(month), round(worth)])
  }
  return { equity, trades }
}

/** The last day of a month, as the sample counts them. */
function endOf(month: number): string {
  const [year, first] = prices.first_month.split('-').map(Number)
  return new Date(Date.UTC(year ?? 0, (first ?? 0) + month, 0)).toISOString()
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000
