import { Button } from '@mantine/core'
import {
  type ColumnName,
  DATE_EXAMPLES,
  DATE_FORMATS,
  FORMATS,
  type Holds,
  type ImportPreview,
  type ImportSettings,
} from '../../importers'
import { Card } from '../ui/card'
import { Notice } from '../ui/notice'
import { Select } from '../ui/select'
import { type ChosenFile, previewOf } from './chosen-file'
import styles from './import.module.css'
import { useNotes } from './use-notes'

const HOLDS: Record<Exclude<Holds, 'run'>, string> = { equity: 'Equity', returns: 'Returns', trades: 'Trades' }

interface FileCardProps {
  chosen: ChosenFile
  onSettings: (settings: ImportSettings) => void
  onRemove: () => void
}

/** How a file would be read, with its first rows; what is told wrongly can be put right. */
export function FileCard({ chosen, onSettings, onRemove }: FileCardProps) {
  const read = previewOf(chosen)
  return (
    <Card
      title={chosen.file.name}
      aside={
        <Button variant="default" size="compact-sm" onClick={onRemove}>
          Leave out<span className={styles.hidden}> {chosen.file.name}</span>
        </Button>
      }
    >
      <div className={styles.body}>
        {'unreadable' in read ? (
          <Notice tone="bad">{read.unreadable}</Notice>
        ) : (
          <Preview file={chosen.file.name} preview={read.preview} settings={chosen.settings} onSettings={onSettings} />
        )}
        <Notes chosen={chosen} isReadable={'preview' in read && read.preview.missing.length === 0} />
      </div>
    </Card>
  )
}

/** What is assumed, and what is left out. Faults are told once the file is to be recorded. */
function Notes({ chosen, isReadable }: { chosen: ChosenFile; isReadable: boolean }) {
  const notes = useNotes(chosen, isReadable)
  return (
    <div role="status" className={styles.notes}>
      {notes.map((note) => (
        <Notice key={note} tone="plain">
          {note}
        </Notice>
      ))}
    </div>
  )
}

interface PreviewProps {
  file: string
  preview: ImportPreview
  settings: ImportSettings
  onSettings: (settings: ImportSettings) => void
}

function Preview({ file, preview, settings, onSettings }: PreviewProps) {
  const { format, holds, columns, rows, roles, mapping, dateFormat, missing } = preview
  const name = FORMATS.find(({ id }) => id === format)?.name ?? format
  if (holds === 'run') return <p className={styles.quiet}>A whole result of {name}; it is read as it is.</p>
  const assign = (role: ColumnName, column: string) => {
    onSettings({ ...settings, columns: { ...mapping, ...settings.columns, [role]: column } })
  }
  return (
    <>
      {missing.map((sentence) => (
        <Notice key={sentence} tone="plain">
          {sentence}
        </Notice>
      ))}
      <div className={styles.mapping}>
        <Select
          size="sm"
          label="Rows are"
          description={name}
          value={holds}
          data={Object.entries(HOLDS).map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget }) =>
            onSettings({ ...settings, holds: currentTarget.value as Holds, columns: undefined })
          }
        />
        {roles.map(({ name: role, label, isRequired }) => (
          <Select
            key={role}
            size="sm"
            label={label}
            description={isRequired ? 'Needed' : 'If there is one'}
            value={mapping[role] ?? ''}
            data={[{ value: '', label: 'No column' }, ...columns.map((column) => ({ value: column, label: column }))]}
            onChange={({ currentTarget }) => assign(role, currentTarget.value)}
          />
        ))}
        <Select
          size="sm"
          label="Dates are written"
          description={dateFormat ? 'As told from the rows' : 'Needed: it could be either'}
          value={settings.dateFormat ?? dateFormat ?? ''}
          data={[
            { value: '', label: 'Choose' },
            ...DATE_FORMATS.map((each) => ({ value: each, label: DATE_EXAMPLES[each] })),
          ]}
          onChange={({ currentTarget }) =>
            onSettings({ ...settings, dateFormat: DATE_FORMATS.find((each) => each === currentTarget.value) })
          }
        />
      </div>
      <Rows file={file} columns={columns} rows={rows} mapping={mapping} />
    </>
  )
}

const SHOWN_ROWS = 6

type RowsProps = Pick<ImportPreview, 'columns' | 'rows' | 'mapping'> & { file: string }

function Rows({ file, columns, rows, mapping }: RowsProps) {
  const used = new Set(Object.values(mapping))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={`First rows of ${file}, scrollable`}>
      <table className={styles.rows} aria-label={`First rows of ${file}`}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" data-used={used.has(column)}>
                {column || '(no name)'}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN_ROWS).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the file
            <tr key={index}>
              {columns.map((column, at) => (
                <td key={column} data-used={used.has(column)}>
                  {row[at]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
