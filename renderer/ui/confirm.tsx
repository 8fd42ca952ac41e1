import { Button } from '@mantine/core'
import { Dialog, DialogActions } from './dialog'

interface ConfirmProps {
  isOpen: boolean
  question: string
  consequence: string
  action: string
  onConfirm: () => void
  onCancel: () => void
}

/** Asks before something that cannot be taken back. */
export function Confirm({ isOpen, question, consequence, action, onConfirm, onCancel }: ConfirmProps) {
  return (
    <Dialog isOpen={isOpen} title={question} description={consequence} onClose={onCancel}>
      <DialogActions>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button onClick={onConfirm}>{action}</Button>
      </DialogActions>
    </Dialog>
  )
}
