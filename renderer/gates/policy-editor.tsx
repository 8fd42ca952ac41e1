import { Button, TextInput } from '@mantine/core'
import { useId, useRef, useState } from 'react'
import type { PolicyVersion } from '../../contracts/gates'
import type { FieldError } from '../../contracts/problem'
import { ApiError } from '../api'
import { Card } from '../ui/card'
import { LiveNotice } from '../ui/notice'
import { useSettled } from '../ui/use-settled'
import { DryRunTable } from './dry-run-table'
import { factLabel } from './facts'
import { FACTS } from './facts-list'
import styles from './gates.module.css'
import { useDryRun, useRecordPolicy } from './use-gates'

const SETTLED_MS = 400

/** The policy as a document that can be changed: faults are told by line, and what it would say of the strategies. */
export function PolicyEditor({ current }: { current: PolicyVersion }) {
  const { gate } = current
  const [text, setText] = useState(current.text)
  const [note, setNote] = useState('')
  const settled = useSettled(text, SETTLED_MS)
  const trial = useDryRun(gate, settled)
  const record = useRecordPolicy(gate)
  const faults = trial.error instanceof ApiError ? trial.error.fields : []
  const isSettled = settled === text && !trial.isFetching
  const isChanged = text.trim() !== current.text.trim()

  return (
    <>
      <Card title={`Document, version ${current.version} in force`}>
        <form
          className={styles.body}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            record.mutate({ text, note })
          }}
        >
          <DocumentField text={text} faults={faults} onChange={setText} />
          <details className={styles.quiet}>
            <summary>Facts that rules can name</summary>
            <ul className={styles.rules}>
              {FACTS.map((fact) => (
                <li key={fact}>
                  <code>{fact}</code>: {factLabel(fact)}
                </li>
              ))}
            </ul>
          </details>
          <TextInput
            label="Why it changes"
            className={styles.note ?? ''}
            value={note}
            maxLength={2000}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <LiveNotice tone="bad">{record.error?.message ?? null}</LiveNotice>
          <div className={styles.actions}>
            <Button type="submit" loading={record.isPending} disabled={!isChanged || !isSettled || faults.length > 0}>
              Put in force as version {current.version + 1}
            </Button>
            <Button variant="default" disabled={!isChanged} onClick={() => setText(current.text)}>
              Discard changes
            </Button>
          </div>
        </form>
      </Card>
      <Card title="What it would say">
        {faults.length > 0 ? (
          <p className={styles.quiet}>The document has to be right first.</p>
        ) : trial.error ? (
          <LiveNotice tone="bad">{trial.error.message}</LiveNotice>
        ) : trial.data ? (
          <DryRunTable outcomes={trial.data.outcomes} isBusy={!isSettled} />
        ) : (
          <p className={styles.quiet}>Holding it against the strategies…</p>
        )}
      </Card>
    </>
  )
}

interface DocumentFieldProps {
  text: string
  faults: FieldError[]
  onChange: (text: string) => void
}

function DocumentField({ text, faults, onChange }: DocumentFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  const lines = text.split('\n')
  const faulty = new Set(faults.map(({ line }) => line))

  function goTo(line: number) {
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0)
    field.current?.focus()
    field.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
  }

  return (
    <>
      <label htmlFor={id} className={styles.label}>
        Policy in YAML or JSON
      </label>
      <div className={styles.editor}>
        <ol className={styles.lines} aria-hidden>
          {lines.map((_line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <li key={index} data-faulty={faulty.has(index + 1)}>
              {index + 1}
            </li>
          ))}
        </ol>
        <textarea
          id={id}
          ref={field}
          value={text}
          rows={lines.length}
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          aria-invalid={faults.length > 0}
          aria-describedby={`${id}-faults`}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      </div>
      <ul id={`${id}-faults`} className={styles.faults} aria-live="polite" aria-label="Faults in the document">
        {faults.map(({ field: path, message, line }) => (
          <li key={`${path} ${message} ${line}`}>
            {line === undefined ? null : (
              <>
                <button type="button" onClick={() => goTo(line)}>
                  Line {line}
                </button>
                :{' '}
              </>
            )}
            {message}
          </li>
        ))}
      </ul>
    </>
  )
}
