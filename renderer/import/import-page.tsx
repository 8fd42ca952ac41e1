import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useAskedStrategy, useStrategies } from '../ledger/use-strategies'
import { Card } from '../ui/card'
import { LiveNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { Select } from '../ui/select'
import { type ChosenFile, chooseFile, previewOf } from './chosen-file'
import { DropZone } from './drop-zone'
import { FileCard } from './file-card'
import styles from './import.module.css'
import { FaultyRows, useImport } from './use-import'

const NEW = 'new'

/** A run from files: dropped, looked at, put right, then recorded. */
export function ImportPage() {
  const [files, setFiles] = useState<ChosenFile[]>([])
  const add = async (added: File[]) => {
    const chosen = await Promise.all(added.map(chooseFile))
    setFiles((before) => [...before, ...chosen])
  }
  const change = (id: string, changes: Partial<ChosenFile>) =>
    setFiles(files.map((each) => (each.id === id ? { ...each, ...changes } : each)))
  return (
    <Page
      title="Import a run"
      lead="What another tool computed, recorded as a run: figures are computed here, from its curve and trades."
      trail={<Link to="/strategies">All strategies</Link>}
    >
      <DropZone onFiles={add} />
      {files.map((chosen) => (
        <FileCard
          key={chosen.id}
          chosen={chosen}
          onSettings={(settings) => change(chosen.id, { settings })}
          onRemove={() => setFiles(files.filter(({ id }) => id !== chosen.id))}
        />
      ))}
      {files.length > 0 ? <RecordCard files={files} /> : null}
    </Page>
  )
}

function RecordCard({ files }: { files: ChosenFile[] }) {
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const strategies = useStrategies({ sort: 'name' })
  const asked = useAskedStrategy(search.get('strategy'))
  const listed = strategies.data?.pages.flatMap((page) => page.strategies) ?? []
  const known = asked && !listed.some(({ id }) => id === asked.id) ? [asked, ...listed] : listed
  const [strategyId, setStrategyId] = useState(search.get('strategy') ?? NEW)
  const [name, setName] = useState('')
  const [type, setType] = useState('')
  const [label, setLabel] = useState('')
  const order = useImport()
  const isNew = strategyId === NEW || !known.some(({ id }) => id === strategyId)
  const isReady = files.every((chosen) => {
    const read = previewOf(chosen)
    return 'preview' in read && read.preview.missing.length === 0
  })

  return (
    <Card title="Record it">
      <form
        className={styles.body}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const strategy = isNew ? { name, strategy_type: type } : { id: strategyId }
          const dataSource = `Imported from ${files.map(({ file }) => file.name).join(' and ')}`.slice(0, 500)
          order.mutate(
            { files, strategy, label: label.trim(), dataSource },
            { onSuccess: ({ id }) => navigate(`/backtests/${id}`) },
          )
        }}
      >
        <div className={styles.mapping}>
          <Select
            label="Strategy"
            value={isNew ? NEW : strategyId}
            data={[
              { value: NEW, label: 'A new strategy' },
              ...known.map((each) => ({ value: each.id, label: each.name })),
            ]}
            onChange={({ currentTarget }) => setStrategyId(currentTarget.value)}
          />
          {isNew ? (
            <>
              <TextInput
                label="Name of the strategy"
                value={name}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              <TextInput
                label="Type"
                placeholder="momentum"
                value={type}
                onChange={({ currentTarget }) => setType(currentTarget.value)}
              />
            </>
          ) : null}
          <TextInput
            label="Name of the run"
            value={label}
            maxLength={200}
            onChange={({ currentTarget }) => setLabel(currentTarget.value)}
          />
        </div>
        <Faults error={order.error} />
        {order.isPending ? <Progress share={order.share} /> : null}
        <div>
          <Button
            type="submit"
            loading={order.isPending}
            disabled={!isReady || (isNew && (!name.trim() || !type.trim()))}
          >
            Import
          </Button>
        </div>
      </form>
    </Card>
  )
}

function Progress({ share }: { share: number | null }) {
  const text = share === null ? 'Reading the files' : `${Math.floor(share * 100)} % sent`
  return (
    <p className={styles.progress}>
      <progress aria-label="Import" {...(share === null ? {} : { value: share, max: 1 })} /> {text}
    </p>
  )
}

function Faults({ error }: { error: Error | null }) {
  return (
    <>
      <LiveNotice tone="bad">{error?.message ?? null}</LiveNotice>
      {error instanceof FaultyRows
        ? error.files.map(({ name, faults }) => (
            <div key={name}>
              <h3>{name}</h3>
              <ul className={styles.faults} aria-label={`Faults in ${name}`}>
                {faults.map(({ line, message }) => (
                  <li key={`${line} ${message}`}>
                    {line === null ? '' : `Line ${line}: `}
                    {message}
                  </li>
                ))}
              </ul>
            </div>
          ))
        : null}
    </>
  )
}
