import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { BacktestDetail } from '../../contracts/backtests'
import { sentenceFor } from '../../contracts/sentences'
import { type CutValidation, cutValidation } from '../../contracts/validations'
import { ApiError } from '../api'
import { useMay } from '../auth/use-permissions'
import { Card } from '../ui/card'
import { LiveNotice } from '../ui/notice'
import { Select } from '../ui/select'
import styles from './validations.module.css'
import { useCutValidation } from './validations-api'

const PLAN_FIELDS = [
  { name: 'in_sample_days', label: 'In sample, days', hint: 'Of the first window where they are anchored.' },
  { name: 'out_of_sample_days', label: 'Out of sample, days', hint: 'After it, never seen while choosing.' },
  { name: 'embargo_days', label: 'Embargo, days', hint: 'Dropped between the two, against leakage.' },
  { name: 'step_days', label: 'Step, days', hint: 'Empty: as long as out of sample.' },
] as const
const RULE_FIELDS = [
  { name: 'min_windows', label: 'Windows, at least', hint: '' },
  { name: 'min_out_of_sample_sharpe', label: 'Out-of-sample Sharpe, at least', hint: 'Empty: does not count.' },
  { name: 'max_degradation', label: 'Degradation, at most', hint: 'A fraction: 0.5 is half.' },
  { name: 'min_stability', label: 'Stability, at least', hint: 'Share of windows above 0.' },
] as const
type Name = (typeof PLAN_FIELDS)[number]['name'] | (typeof RULE_FIELDS)[number]['name']

const HINT_BELOW: ['label', 'input', 'description', 'error'] = ['label', 'input', 'description', 'error']

const AT_FIRST: Record<Name, string> = {
  in_sample_days: '730',
  out_of_sample_days: '182',
  embargo_days: '5',
  step_days: '',
  min_windows: '5',
  min_out_of_sample_sharpe: '0.5',
  max_degradation: '0.5',
  min_stability: '0.6',
}

/** Cuts the recorded curve into walk-forward windows, judged by a rule that is stated before the result is seen. */
export function CutCard({ run }: { run: BacktestDetail }) {
  const navigate = useNavigate()
  const cut = useCutValidation(run)
  const mayWrite = useMay('ledger:write')
  const [kind, setKind] = useState<'rolling' | 'anchored'>('rolling')
  const [texts, setTexts] = useState(AT_FIRST)
  const [faults, setFaults] = useState<Partial<Record<string, string>>>({})
  if (!mayWrite || run.status !== 'completed') return null

  function send() {
    const parsed = cutValidation.safeParse(inputFrom(kind, texts), { error: sentenceFor })
    if (!parsed.success)
      return setFaults(byName(parsed.error.issues.map((each) => [each.path.join('.'), each.message])))
    setFaults({})
    cut.mutate(parsed.data as CutValidation, {
      onSuccess: ({ id }) => navigate(`/validations/${id}`),
      onError: (error) =>
        setFaults(error instanceof ApiError ? byName(error.fields.map(({ field, message }) => [field, message])) : {}),
    })
  }

  const field = ({ name, label, hint }: { name: Name; label: string; hint: string }) => (
    <TextInput
      key={name}
      label={label}
      description={hint}
      inputMode="decimal"
      inputWrapperOrder={HINT_BELOW}
      value={texts[name]}
      error={faults[name]}
      onChange={({ currentTarget }) => setTexts({ ...texts, [name]: currentTarget.value })}
    />
  )
  return (
    <Card title="Walk-forward validation">
      <form
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <p className={styles.quiet}>
          Cuts this curve into windows: how it did on the days its parameters could have been chosen on, against the
          days after. The rule is stated first and kept with the result.
        </p>
        <LiveNotice tone="bad">
          {faults.plan ?? (cut.error && Object.keys(faults).length === 0 ? cut.error.message : null)}
        </LiveNotice>
        <fieldset>
          <legend>Windows</legend>
          <Select
            label="Kind"
            description="Whether the start moves along or stays."
            inputWrapperOrder={HINT_BELOW}
            value={kind}
            data={[
              { value: 'rolling', label: 'Rolling' },
              { value: 'anchored', label: 'Anchored' },
            ]}
            onChange={({ currentTarget }) => setKind(currentTarget.value === 'anchored' ? 'anchored' : 'rolling')}
          />
          {PLAN_FIELDS.map(field)}
        </fieldset>
        <fieldset>
          <legend>Rule</legend>
          {RULE_FIELDS.map(field)}
        </fieldset>
        <div>
          <Button type="submit" loading={cut.isPending}>
            Cut windows
          </Button>
        </div>
      </form>
    </Card>
  )
}

function inputFrom(kind: 'rolling' | 'anchored', texts: Record<Name, string>) {
  const numbers = (fields: readonly { name: Name }[]) =>
    Object.fromEntries(
      fields
        .filter(({ name }) => texts[name].trim() !== '')
        .map(({ name }) => [name, Number(texts[name].trim().replace(',', '.'))]),
    )
  return { plan: { kind, ...numbers(PLAN_FIELDS) }, rule: numbers(RULE_FIELDS) }
}

/** Messages by the last part of their path. */
function byName(found: [path: string, message: string][]): Partial<Record<string, string>> {
  return Object.fromEntries(found.map(([path, message]) => [path.split('.').at(-1), message]))
}
