import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { BacktestDetail, Trade, TradeSort } from '../../contracts/backtests'
import { useServices } from '../app/services'
import { Card } from '../ui/card'
import { LiveNotice } from '../ui/notice'
import { saveFile } from '../ui/save-file'
import table from '../ui/table.module.css'
import { count, money, price, quantity, utcMoment } from './format'
import styles from './ledger.module.css'
import { ledgerApi } from './ledger-api'
import { Loaded } from './loaded'
import { useTrades } from './use-runs'

const ROW_HEIGHT = 36
const COLUMNS: { label: string; by: TradeColumn | null; isNumber: boolean }[] = [
  { label: 'Instrument', by: 'instrument', isNumber: false },
  { label: 'Entry', by: 'entry_at', isNumber: false },
  { label: 'Exit', by: 'exit_at', isNumber: false },
  { label: 'Quantity', by: 'quantity', isNumber: true },
  { label: 'Entry price', by: null, isNumber: true },
  { label: 'Exit price', by: null, isNumber: true },
  { label: 'Profit', by: 'profit', isNumber: true },
]
type TradeColumn = 'instrument' | 'entry_at' | 'exit_at' | 'quantity' | 'profit'

/** Any number of trades: only the rows in sight are there, and more are asked for as they come into it. */
export function TradesCard({ run }: { run: BacktestDetail }) {
  const [sort, setSort] = useState<TradeSort>('index')
  const list = useTrades(run.id, sort, run.trade_count)
  if (run.trade_count === 0)
    return (
      <Card title="Trades">
        <p className={styles.lead}>
          {run.has_trade_list
            ? 'The run made no trades.'
            : 'No trades were sent with this run, so nothing that is reckoned from them is known.'}
        </p>
      </Card>
    )
  return (
    <Card
      title="Trades"
      aside={
        <span className={styles.controls}>
          <span className={styles.under}>{count(run.trade_count)}, times in UTC</span>
          <SaveTrades id={run.id} />
        </span>
      }
    >
      <Loaded query={list} label="Loading the trades">
        {({ pages }) => (
          <TradesTable
            trades={pages.flatMap(({ trades }) => trades)}
            total={run.trade_count}
            currency={run.currency}
            sort={sort}
            onSort={setSort}
            onEnd={() => list.hasNextPage && !list.isFetchingNextPage && list.fetchNextPage()}
          />
        )}
      </Loaded>
    </Card>
  )
}

function SaveTrades({ id }: { id: string }) {
  const { session } = useServices()
  const save = useMutation({
    mutationFn: () => session.call((token) => ledgerApi.tradesCsv(token, id)),
    onSuccess: (text) => saveFile(`trades-${id}.csv`, 'text/csv;charset=utf-8', text),
  })
  return (
    <>
      <LiveNotice tone="bad">{save.error?.message ?? null}</LiveNotice>
      <Button variant="default" size="compact-sm" loading={save.isPending} onClick={() => save.mutate()}>
        Save as CSV
      </Button>
    </>
  )
}

interface TradesTableProps {
  trades: Trade[]
  total: number
  currency: string
  sort: TradeSort
  onSort: (sort: TradeSort) => void
  onEnd: () => void
}

function TradesTable({ trades, total, currency, sort, onSort, onEnd }: TradesTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: trades.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const shown = rows.getVirtualItems()
  const isAtEnd = (shown.at(-1)?.index ?? 0) >= trades.length - 24 && trades.length < total
  useEffect(() => {
    if (isAtEnd) onEnd()
  }, [isAtEnd, onEnd])

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section ref={scroller} className={styles.trades} tabIndex={0} aria-label="Trades, scrollable">
      <table aria-label="Trades" aria-rowcount={total + 1}>
        <thead>
          <tr>
            {COLUMNS.map(({ label, by, isNumber }) => (
              <th key={label} scope="col" aria-sort={sortOf(by, sort)} data-number={isNumber || undefined}>
                {by ? (
                  <button type="button" className={table.sort} onClick={() => onSort(toggled(by, sort))}>
                    {label} <span aria-hidden>{ARROWS[sortOf(by, sort)]}</span>
                  </button>
                ) : (
                  label
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={shown[0]?.start ?? 0} />
          {shown.map(({ index }) => {
            const trade = trades[index]
            return trade ? <TradeRow key={trade.index} trade={trade} row={index + 2} currency={currency} /> : null
          })}
          <Gap height={rows.getTotalSize() - (shown.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </section>
  )
}

function TradeRow({ trade, row, currency }: { trade: Trade; row: number; currency: string }) {
  return (
    <tr aria-rowindex={row} style={{ height: ROW_HEIGHT }}>
      <th scope="row">{trade.instrument}</th>
      <td>{utcMoment(trade.entry_at)}</td>
      <td>{utcMoment(trade.exit_at)}</td>
      <td data-number>{quantity(trade.quantity)}</td>
      <td data-number>{price(trade.entry_price)}</td>
      <td data-number>{price(trade.exit_price)}</td>
      <td data-number data-tone={trade.profit < 0 ? 'bad' : 'good'}>
        {money(trade.profit, currency)}
      </td>
    </tr>
  )
}

/** Holds the place of rows that are out of sight. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={COLUMNS.length} />
    </tr>
  )
}

const ARROWS = { ascending: '↑', descending: '↓', none: '' }

function sortOf(by: TradeColumn | null, sort: TradeSort): keyof typeof ARROWS {
  if (by === null) return 'none'
  if (sort === by) return 'ascending'
  return sort === `-${by}` ? 'descending' : 'none'
}

const toggled = (by: TradeColumn, sort: TradeSort): TradeSort => (sort === by ? `-${by}` : by)
