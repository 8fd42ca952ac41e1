import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type ChangePasswordRequest, changePasswordRequest } from '../../contracts/auth'
import { useServices } from '../app/services'
import { NewPasswordField } from '../auth/new-password-field'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { PasswordField, PasswordOwner } from '../ui/password-field'
import styles from './profile.module.css'
import { SESSIONS } from './use-sessions'

export function ChangePasswordForm({ name, email }: { name: string; email: string }) {
  const { api, session } = useServices()
  const queries = useQueryClient()
  const [hasChanged, setChanged] = useState(false)
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: changePasswordRequest,
    initialValues: { current_password: '', new_password: '' },
    fieldOf: { wrong_password: 'current_password' },
  })
  const change = useMutation({
    mutationFn: (values: ChangePasswordRequest) => session.call((token) => api.changePassword(token, values)),
    onMutate: () => setChanged(false),
    onError: showFailure,
    onSuccess() {
      form.reset()
      setChanged(true)
      void queries.invalidateQueries({ queryKey: SESSIONS })
    },
  })

  return (
    <form noValidate className={styles.form} onSubmit={onSubmit(change.mutate)} aria-label="Change password">
      <LiveNotice tone="good">
        {hasChanged ? 'Your password is changed. Your other sessions were signed out.' : null}
      </LiveNotice>
      <LiveNotice tone="bad">{message}</LiveNotice>
      <PasswordOwner email={email} />
      <PasswordField
        label="Current password"
        autoComplete="current-password"
        key={form.key('current_password')}
        {...form.getInputProps('current_password')}
      />
      <NewPasswordField
        label="New password"
        context={() => [name, email]}
        key={form.key('new_password')}
        {...form.getInputProps('new_password')}
      />
      <Button type="submit" loading={change.isPending}>
        Change password
      </Button>
    </form>
  )
}
