import { useId, useState } from 'react'
import styles from './import.module.css'

/** Files are dropped here, or chosen by whoever does not drag. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [isOver, setOver] = useState(false)
  const id = useId()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field inside does the same without a pointer
    <div
      className={styles.zone}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onFiles([...event.dataTransfer.files])
      }}
    >
      <p>
        Drop files here, or{' '}
        <label htmlFor={id} className={styles.choose}>
          choose files
        </label>
        <input
          id={id}
          className={styles.input}
          type="file"
          multiple
          accept=".csv,.txt,.json"
          onChange={({ currentTarget }) => {
            onFiles([...(currentTarget.files ?? [])])
            currentTarget.value = ''
          }}
        />
      </p>
      <p className={styles.quiet}>
        An equity curve or returns, and trades if you have them: CSV, backtesting.py, vectorbt, QuantStats and pyfolio,
        or a result of Freqtrade or LEAN as JSON. They are read on this computer and go to your server alone.
      </p>
    </div>
  )
}
