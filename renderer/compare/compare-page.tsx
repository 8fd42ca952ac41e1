import { useMemo } from 'react'
import { Link, useSearchParams } from 'react-router'
import { COMPARE_MAX, type Comparison } from '../../contracts/backtests'
import { Loaded } from '../ledger/loaded'
import { runName } from '../ledger/run-name'
import { useComparison, useCompletedRuns } from '../ledger/use-runs'
import { Card } from '../ui/card'
import { Page } from '../ui/page'
import { Select } from '../ui/select'
import styles from './compare.module.css'
import { CurvesCard } from './curves-card'
import { DifferencesCard } from './differences-card'
import { FiguresCard } from './figures-card'

/** Up to ten runs side by side; which ones, the address says. */
export function ComparePage() {
  const [search, setSearch] = useSearchParams()
  const ids = useMemo(() => [...new Set((search.get('runs') ?? '').split(',').filter(Boolean))], [search])
  const query = useComparison(ids)
  const choose = (chosen: string[]) => setSearch(chosen.length > 0 ? { runs: chosen.join(',') } : {}, { replace: true })

  return (
    <Page
      title="Compare runs"
      lead="Curves rebased to 100 on the first day they share, figures side by side, and what differs."
      trail={<Link to="/strategies">All strategies</Link>}
    >
      <AddRun ids={ids} onChoose={choose} />
      {ids.length === 0 ? (
        <Card title="Nothing to compare yet">
          <p className={styles.quiet}>Choose a run above, or tick runs on the page of a strategy.</p>
        </Card>
      ) : (
        <Loaded query={query} label="Loading the runs">
          {(comparison) => (
            <Compared comparison={comparison} onRemove={(id) => choose(ids.filter((each) => each !== id))} />
          )}
        </Loaded>
      )}
    </Page>
  )
}

function Compared({ comparison, onRemove }: { comparison: Comparison; onRemove: (id: string) => void }) {
  const { backtests, differing } = comparison
  return (
    <>
      <CurvesCard runs={backtests} onRemove={onRemove} />
      <FiguresCard runs={backtests} />
      {backtests.length > 1 ? <DifferencesCard runs={backtests} differing={differing} /> : null}
    </>
  )
}

function AddRun({ ids, onChoose }: { ids: string[]; onChoose: (ids: string[]) => void }) {
  const { data } = useCompletedRuns()
  const others = (data?.backtests ?? []).filter(({ id }) => !ids.includes(id))
  const strategies = new Map(others.map((each) => [each.strategy_id, each.strategy_name]))
  const isFull = ids.length >= COMPARE_MAX
  return (
    <Select
      label="Add a run"
      description={isFull ? `At most ${COMPARE_MAX} are compared at once.` : undefined}
      className={styles.add ?? ''}
      disabled={isFull}
      value=""
      data={[
        { value: '', label: 'Choose one' },
        ...[...strategies].map(([strategyId, name]) => ({
          group: name,
          items: others
            .filter((each) => each.strategy_id === strategyId)
            .map((each) => ({ value: each.id, label: runName(each) })),
        })),
      ]}
      onChange={({ currentTarget }) => currentTarget.value && onChoose([...ids, currentTarget.value])}
    />
  )
}
