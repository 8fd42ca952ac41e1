import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { type ApiKey, DEFAULT_GRACE_SECONDS, type IssuedApiKey } from '../../contracts/api-keys'
import { Dialog, DialogActions } from '../ui/dialog'
import { LiveNotice } from '../ui/notice'
import { useRotateKey } from './use-keys'

const GRACES = [
  { value: '0', label: 'It stops working at once' },
  { value: '3600', label: 'One hour' },
  { value: String(DEFAULT_GRACE_SECONDS), label: 'One day' },
  { value: '604800', label: 'One week' },
]

interface RotateKeyDialogProps {
  apiKey: ApiKey | null // the key to rotate; without one the dialog is closed
  onClose: () => void
  onDone: (issued: IssuedApiKey) => void
}

export function RotateKeyDialog({ apiKey, onClose, onDone }: RotateKeyDialogProps) {
  const isExpired = apiKey?.is_expired ?? false
  return (
    <Dialog
      isOpen={apiKey !== null}
      title={`${isExpired ? 'Renew' : 'Rotate'} “${apiKey?.name ?? ''}”?`}
      description={
        isExpired
          ? 'You get a new key with the same permissions, which lasts as long as this one did.'
          : 'You get a new key with the same permissions. For a while both work, so that no script stops while you replace the old one.'
      }
      onClose={onClose}
    >
      {apiKey ? <RotateForm apiKey={apiKey} onCancel={onClose} onDone={onDone} /> : null}
    </Dialog>
  )
}

interface RotateFormProps {
  apiKey: ApiKey
  onCancel: () => void
  onDone: (issued: IssuedApiKey) => void
}

function RotateForm({ apiKey, onCancel, onDone }: RotateFormProps) {
  const [grace, setGrace] = useState(String(DEFAULT_GRACE_SECONDS))
  const rotate = useRotateKey()

  return (
    <form
      noValidate
      aria-label="Rotate the key"
      onSubmit={(event) => {
        event.preventDefault()
        rotate.mutate({ id: apiKey.id, graceSeconds: apiKey.is_expired ? 0 : Number(grace) }, { onSuccess: onDone })
      }}
    >
      <LiveNotice tone="bad">{rotate.error ? rotate.error.message : null}</LiveNotice>
      {apiKey.is_expired ? null : (
        <NativeSelect
          label="The old key works for"
          data={GRACES}
          value={grace}
          onChange={({ currentTarget }) => setGrace(currentTarget.value)}
        />
      )}
      <DialogActions>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={rotate.isPending}>
          {apiKey.is_expired ? 'Renew' : 'Rotate'}
        </Button>
      </DialogActions>
    </form>
  )
}
