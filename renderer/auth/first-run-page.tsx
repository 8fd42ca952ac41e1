import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'react-router'
import { z } from 'zod'
import { type FirstAdministratorRequest, firstAdministratorRequest } from '../../contracts/registration'
import { ApiError } from '../api'
import { useServices } from '../app/services'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { AuthLayout } from './auth-layout'
import { EMAIL_INPUT } from './email-input'
import { NewPasswordField } from './new-password-field'
import { useSetupCode } from './setup-code'
import { useAuthSettings } from './use-auth-settings'

const codeIsKnown = firstAdministratorRequest.extend({ setup_code: z.string() })

/** Instead of sign-in while nobody has an account: makes the first administrator. */
export function FirstRunPage() {
  const { api, session } = useServices()
  const { state } = useLocation()
  const { data: settings } = useAuthSettings()
  const told = useSetupCode()
  const [isRefused, setRefused] = useState(false)
  // The window is told the code a moment after it has loaded.
  const asksForCode = isRefused || (told === null && window.aurelius === undefined)
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: asksForCode ? firstAdministratorRequest : codeIsKnown,
    initialValues: { setup_code: '', name: '', email: '', password: '' },
    fieldOf: { wrong_setup_code: 'setup_code' },
  })
  const create = useMutation({
    mutationFn: async (values: FirstAdministratorRequest) =>
      session.begin(
        await api.createFirstAdministrator({ ...values, setup_code: asksForCode ? values.setup_code : (told ?? '') }),
      ),
    onError(error) {
      if (error instanceof ApiError && error.code === 'wrong_setup_code') setRefused(true)
      showFailure(error)
    },
  })

  return (
    <AuthLayout
      title="Set up Aurelius"
      lead="Nobody has an account here yet. The first one is the administrator’s, who manages people and the server."
      footer={
        settings?.registration === 'open' ? (
          <>
            Not yours to manage?{' '}
            <Link to="/sign-up" state={state}>
              Create an account without those rights
            </Link>
          </>
        ) : null
      }
    >
      <LiveNotice tone="bad">{message}</LiveNotice>
      <form noValidate onSubmit={onSubmit(create.mutate)} aria-label="Set up Aurelius">
        {asksForCode ? (
          <TextInput
            label="Setup code"
            description="Four groups of four, shown in the terminal or log where Aurelius was started."
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            key={form.key('setup_code')}
            {...form.getInputProps('setup_code')}
          />
        ) : null}
        <TextInput label="Name" autoComplete="name" key={form.key('name')} {...form.getInputProps('name')} />
        <TextInput label="E-mail" {...EMAIL_INPUT} key={form.key('email')} {...form.getInputProps('email')} />
        <NewPasswordField
          label="Password"
          context={() => [form.getValues().name, form.getValues().email]}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" fullWidth size="md" loading={create.isPending}>
          Create administrator
        </Button>
      </form>
    </AuthLayout>
  )
}
