import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type UpdateProfileRequest, updateProfileRequest } from '../../contracts/profile'
import { useServices } from '../app/services'
import { Dialog, DialogActions } from '../ui/dialog'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'

interface ChangeNameDialogProps {
  isOpen: boolean
  name: string
  onClose: () => void
  onDone: () => void
}

export function ChangeNameDialog({ isOpen, name, onClose, onDone }: ChangeNameDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      title="Change your name"
      description="It is what others see of you. Your e-mail address stays what you sign in with."
      onClose={onClose}
    >
      <ChangeNameForm name={name} onCancel={onClose} onDone={onDone} />
    </Dialog>
  )
}

function ChangeNameForm({ name, onCancel, onDone }: { name: string; onCancel: () => void; onDone: () => void }) {
  const { api, session } = useServices()
  const queries = useQueryClient()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: updateProfileRequest,
    initialValues: { name },
  })
  const change = useMutation({
    mutationFn: (values: UpdateProfileRequest) => session.call((token) => api.updateProfile(token, values)),
    onError: showFailure,
    onSuccess({ user }) {
      queries.setQueryData(['account', user.id], user)
      onDone()
    },
  })

  return (
    <form noValidate onSubmit={onSubmit(change.mutate)} aria-label="Change your name">
      <LiveNotice tone="bad">{message}</LiveNotice>
      <TextInput label="Name" autoComplete="name" key={form.key('name')} {...form.getInputProps('name')} />
      <DialogActions>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </DialogActions>
    </form>
  )
}
