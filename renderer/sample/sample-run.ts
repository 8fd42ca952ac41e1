const DAY_MS = 86_400_000
const START = Date.UTC(2015, 0, 2)
const DAYS = 1_800
const SEED = 7
const CAPITAL = 100_000
const DRIFT = 0.0004 // of the made-up price, a day
const DEVIATION = 0.009

export interface SampleTrade {
  instrument: string
  quantity: number
  entry_at: string
  exit_at: string
  entry_price: number
  exit_price: number
}

/** A run of a rule on a made-up price, the same each time: it is invested while the price is above its mean. */
export function sampleRun(lookback: number): { equity: [string, number][]; trades: SampleTrade[] } {
  const prices = madeUpPrices()
  const equity: [string, number][] = []
  const trades: SampleTrade[] = []
  let cash = CAPITAL
  let held: { quantity: number; day: number } | null = null
  for (const [day, price] of prices.entries()) {
    const recent = prices.slice(Math.max(0, day - lookback + 1), day + 1)
    const mean = recent.reduce((sum, each) => sum + each, 0) / recent.length
    const wants = day >= lookback && price > mean
    const worth = held ? held.quantity * price : cash
    equity.push([dateOf(day), round(worth)])
    if (wants && !held) held = { quantity: cash / price, day }
    else if (held && (!wants || day === prices.length - 1)) {
      cash = worth
      trades.push({
        instrument: 'MADE-UP',
        quantity: held.quantity,
        entry_at: dateOf(held.day),
        exit_at: dateOf(day),
        entry_price: prices[held.day] as number,
        exit_price: price,
      })
      held = null
    }
  }
  return { equity, trades }
}

/** A random walk with a little drift. */
function madeUpPrices(): number[] {
  const random = mulberry32(SEED)
  const prices = [100]
  while (prices.length < DAYS) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    prices.push(round((prices.at(-1) as number) * (1 + DRIFT + DEVIATION * normal)))
  }
  return prices
}

/** Weekdays alone, from a Friday on. */
function dateOf(day: number): string {
  const weeks = Math.floor((day + 4) / 5)
  return new Date(START + (day + 2 * weeks) * DAY_MS).toISOString()
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000

/** A small generator of numbers in [0, 1) that is the same everywhere (Tommy Ettinger's mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
