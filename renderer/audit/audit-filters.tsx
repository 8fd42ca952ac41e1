import { Button, TextInput } from '@mantine/core'
import { Select } from '../ui/select'
import styles from './audit.module.css'
import type { AuditFilter } from './audit-api'
import { PersonFilter } from './person-filter'
import { KINDS } from './words'

interface AuditFiltersProps {
  filter: AuditFilter
  /** Calendar days, as the reader's clock has them. */
  days: { from: string; to: string }
  onChange: (changes: Record<string, string | null>) => void
  onClear: () => void
}

export function AuditFilters({ filter, days, onChange, onClear }: AuditFiltersProps) {
  const isFiltered = Object.values(filter).some((value) => value !== '')
  const set = (name: string) => (event: { currentTarget: { value: string } }) =>
    onChange({ [name]: event.currentTarget.value, at: null })

  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is newer than the oldest Chromium this runs in
    <form role="search" className={styles.filters} onSubmit={(event) => event.preventDefault()}>
      <Select
        label="What"
        value={filter.action}
        onChange={set('action')}
        data={[{ value: '', label: 'Everything' }, ...KINDS]}
      />
      <PersonFilter userId={filter.user} onChange={(user) => onChange({ user, at: null })} />
      <Select
        label="Outcome"
        value={filter.outcome}
        onChange={set('outcome')}
        data={[
          { value: '', label: 'Any' },
          { value: 'success', label: 'Succeeded' },
          { value: 'failure', label: 'Failed' },
        ]}
      />
      <TextInput type="date" label="From" value={days.from} max={days.to || undefined} onChange={set('from')} />
      <TextInput type="date" label="To" value={days.to} min={days.from || undefined} onChange={set('to')} />
      <Button variant="default" disabled={!isFiltered} onClick={onClear}>
        Clear
      </Button>
    </form>
  )
}
