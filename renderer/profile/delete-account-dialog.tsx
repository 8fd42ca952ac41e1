import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type DeleteAccountRequest, deleteAccountRequest } from '../../contracts/profile'
import { useServices } from '../app/services'
import { Dialog, DialogActions } from '../ui/dialog'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { PasswordField, PasswordOwner } from '../ui/password-field'

interface DeleteAccountDialogProps {
  isOpen: boolean
  email: string
  onClose: () => void
}

export function DeleteAccountDialog({ isOpen, email, onClose }: DeleteAccountDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      title="Delete your account?"
      description={`The account ${email} and all its sessions are deleted for good. Enter your password to confirm.`}
      onClose={onClose}
    >
      <DeleteAccountForm email={email} onCancel={onClose} />
    </Dialog>
  )
}

function DeleteAccountForm({ email, onCancel }: { email: string; onCancel: () => void }) {
  const { api, session } = useServices()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: deleteAccountRequest,
    initialValues: { password: '' },
    fieldOf: { wrong_password: 'password' },
  })
  const remove = useMutation({
    mutationFn: (values: DeleteAccountRequest) => session.call((token) => api.deleteAccount(token, values)),
    onError: showFailure,
    onSuccess: ({ message: done }) => session.forget(done),
  })

  return (
    <form noValidate onSubmit={onSubmit(remove.mutate)} aria-label="Delete your account">
      <LiveNotice tone="bad">{message}</LiveNotice>
      <PasswordOwner email={email} />
      <PasswordField
        label="Password"
        autoComplete="current-password"
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
      <DialogActions>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" variant="danger" loading={remove.isPending}>
          Delete my account
        </Button>
      </DialogActions>
    </form>
  )
}
