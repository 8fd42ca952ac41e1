import type { FormatId } from './types'

/** What people choose from, and how each tool writes such a file. */
export interface Format {
  id: FormatId
  name: string
  /** How to get such a file out of the tool. */
  how: string
}

export const FORMATS: readonly Format[] = [
  {
    id: 'csv',
    name: 'CSV',
    how: 'A table with a heading: time and equity, or one trade a row. Other headings can be assigned.',
  },
  {
    id: 'backtesting-py',
    name: 'backtesting.py',
    how: "stats['_equity_curve'].to_csv('curve.csv') and stats['_trades'].to_csv('trades.csv')",
  },
  {
    id: 'vectorbt',
    name: 'vectorbt',
    how: "pf.value().to_csv('curve.csv') and pf.trades.records_readable.to_csv('trades.csv')",
  },
  {
    id: 'returns',
    name: 'QuantStats, pyfolio',
    how: "returns.to_csv('returns.csv'): one return per period, as a fraction",
  },
  {
    id: 'freqtrade',
    name: 'Freqtrade',
    how: 'backtest-result-….json in user_data/backtest_results; unpack the .zip first',
  },
  {
    id: 'lean',
    name: 'QuantConnect LEAN',
    how: 'The <number>.json of a backtest folder, or the download of the cloud',
  },
]
