import { Button } from '@mantine/core'
import { useEffect, useId, useRef } from 'react'
import styles from './confirm.module.css'

interface ConfirmProps {
  isOpen: boolean
  question: string
  consequence: string
  action: string
  onConfirm: () => void
  onCancel: () => void
}

/** Asks before something that cannot be taken back. The browser's own dialog keeps the focus in and gives it back. */
export function Confirm({ isOpen, question, consequence, action, onConfirm, onCancel }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()

  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])

  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={`${id}-question`}
      aria-describedby={`${id}-consequence`}
      onClose={onCancel}
    >
      <h2 id={`${id}-question`}>{question}</h2>
      <p id={`${id}-consequence`}>{consequence}</p>
      <div className={styles.actions}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button onClick={onConfirm}>{action}</Button>
      </div>
    </dialog>
  )
}
