import { Button, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { type Strategy, strategySort } from '../../contracts/strategies'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { DataTable } from '../ui/data-table'
import { Moment } from '../ui/figures'
import { Page } from '../ui/page'
import { Select } from '../ui/select'
import { FirstSteps } from './first-steps'
import { count } from './format'
import styles from './ledger.module.css'
import { Loaded } from './loaded'
import { NewStrategyDialog } from './new-strategy-dialog'
import { useStrategies, useStrategyFacets } from './use-strategies'

const NOTHING_CHOSEN = { search: '', strategy_type: '', status: 'active', sort: '-updated_at' } as const

export function StrategiesPage() {
  const navigate = useNavigate()
  const [filter, setFilter] = useState<Filter>(NOTHING_CHOSEN)
  const [isCreating, setCreating] = useState(false)
  const list = useStrategies(useDeferredValue(filter))
  const isFiltered = filter.search !== '' || filter.strategy_type !== '' || filter.status !== 'active'

  return (
    <Page title="Strategies" lead="What is being researched, with every run that was recorded for it.">
      <Card
        title="All strategies"
        aside={
          <span className={styles.controls}>
            <Link to="/import">Import a run</Link>
            <Button
              size="sm"
              leftSection={<IconPlus size="1rem" stroke={1.75} aria-hidden />}
              onClick={() => setCreating(true)}
            >
              New strategy
            </Button>
          </span>
        }
      >
        <Filters filter={filter} onChange={setFilter} />
        <Loaded query={list} label="Loading the strategies">
          {({ pages }) => {
            const strategies = pages.flatMap((page) => page.strategies)
            if (strategies.length === 0 && !isFiltered) return <FirstSteps />
            if (strategies.length === 0) return <p className={styles.lead}>No strategy is like that.</p>
            return (
              <>
                <StrategiesTable strategies={strategies} />
                <div className={styles.more}>
                  <p className={styles.lead} aria-live="polite">
                    {count(strategies.length)} of {count(pages[0]?.total ?? strategies.length)}
                  </p>
                  {list.hasNextPage ? (
                    <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
                      Show more
                    </Button>
                  ) : null}
                </div>
              </>
            )
          }}
        </Loaded>
      </Card>
      <NewStrategyDialog
        isOpen={isCreating}
        onClose={() => setCreating(false)}
        onDone={({ id }) => navigate(`/strategies/${id}`)}
      />
    </Page>
  )
}

interface Filter {
  search: string
  strategy_type: string
  status: 'active' | 'archived' | 'any'
  sort: (typeof strategySort.options)[number]
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { data: facets } = useStrategyFacets()
  return (
    <search className={styles.filters}>
      <TextInput
        label="Search"
        placeholder="Name, description, type or tag"
        leftSection={<IconSearch size="1rem" stroke={1.75} aria-hidden />}
        value={filter.search}
        maxLength={200}
        onChange={({ currentTarget }) => onChange({ ...filter, search: currentTarget.value })}
      />
      <Select
        label="Type"
        value={filter.strategy_type}
        data={[{ value: '', label: 'Any' }, ...(facets?.strategy_types ?? [])]}
        onChange={({ currentTarget }) => onChange({ ...filter, strategy_type: currentTarget.value })}
      />
      <Select
        label="Status"
        value={filter.status}
        data={[
          { value: 'active', label: 'Active' },
          { value: 'archived', label: 'Archived' },
          { value: 'any', label: 'Any' },
        ]}
        onChange={({ currentTarget }) => onChange({ ...filter, status: currentTarget.value as Filter['status'] })}
      />
      <Select
        label="Order"
        value={filter.sort}
        data={[
          { value: '-updated_at', label: 'Changed last' },
          { value: '-created_at', label: 'Newest' },
          { value: 'created_at', label: 'Oldest' },
          { value: 'name', label: 'Name' },
        ]}
        onChange={({ currentTarget }) => onChange({ ...filter, sort: strategySort.parse(currentTarget.value) })}
      />
    </search>
  )
}

function StrategiesTable({ strategies }: { strategies: Strategy[] }) {
  return (
    <DataTable
      label="Strategies"
      rows={strategies}
      keyOf={({ id }) => id}
      columns={[
        {
          label: 'Strategy',
          cell: ({ id, name, status, tags }) => (
            <>
              <Link to={`/strategies/${id}`}>{name}</Link> {status === 'archived' ? <Badge>Archived</Badge> : null}
              <Tags tags={tags} />
            </>
          ),
        },
        { label: 'Type', cell: ({ strategy_type }) => strategy_type },
        { label: 'Stage', cell: ({ stage }) => <span className={styles.stage}>{stage}</span> },
        { label: 'Version', isNumber: true, cell: ({ version }) => version },
        { label: 'Runs', isNumber: true, cell: ({ backtest_count }) => count(backtest_count) },
        { label: 'Changed', cell: ({ updated_at }) => <Moment at={updated_at} /> },
      ]}
    />
  )
}

export function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return null
  return (
    <ul className={styles.tags} aria-label="Tags">
      {tags.map((tag) => (
        <li key={tag}>{tag}</li>
      ))}
    </ul>
  )
}
