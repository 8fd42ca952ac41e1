import { Button, TextInput } from '@mantine/core'
import { type ChangeEmailRequest, changeEmailRequest } from '../../contracts/email-address'
import { useServices } from '../app/services'
import { EMAIL_INPUT } from '../auth/email-input'
import { useAuthSettings } from '../auth/use-auth-settings'
import { Dialog, DialogActions } from '../ui/dialog'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { PasswordField, PasswordOwner } from '../ui/password-field'
import { useEmailMutation } from './use-email-state'

interface ChangeEmailDialogProps {
  isOpen: boolean
  email: string
  onClose: () => void
  onDone: (message: string) => void
}

export function ChangeEmailDialog({ isOpen, email, onClose, onDone }: ChangeEmailDialogProps) {
  const { data: settings } = useAuthSettings()

  return (
    <Dialog
      isOpen={isOpen}
      title="Change your e-mail address"
      description={
        settings?.has_mail
          ? `Both ${email} and the new address get a mail with a link. The change counts when both links were followed.`
          : 'It is what you sign in with. The change counts at once.'
      }
      onClose={onClose}
    >
      <ChangeEmailForm email={email} onCancel={onClose} onDone={onDone} />
    </Dialog>
  )
}

interface ChangeEmailFormProps {
  email: string
  onCancel: () => void
  onDone: (message: string) => void
}

function ChangeEmailForm({ email, onCancel, onDone }: ChangeEmailFormProps) {
  const { api } = useServices()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: changeEmailRequest,
    initialValues: { new_email: '', password: '' },
    fieldOf: { wrong_password: 'password', email_taken: 'new_email' },
  })
  const change = useEmailMutation(
    (token, values: ChangeEmailRequest) => api.changeEmail(token, values),
    ({ message: done }) => onDone(done),
  )

  return (
    <form
      noValidate
      aria-label="Change your e-mail address"
      onSubmit={onSubmit((values) => change.mutate(values, { onError: showFailure }))}
    >
      <LiveNotice tone="bad">{message}</LiveNotice>
      <TextInput
        label="New e-mail"
        {...EMAIL_INPUT}
        autoComplete="email"
        key={form.key('new_email')}
        {...form.getInputProps('new_email')}
      />
      <PasswordOwner email={email} />
      <PasswordField
        label="Your password"
        autoComplete="current-password"
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
      <DialogActions>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={change.isPending}>
          Change
        </Button>
      </DialogActions>
    </form>
  )
}
