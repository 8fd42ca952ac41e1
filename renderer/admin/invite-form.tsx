import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { z } from 'zod'
import { email } from '../../contracts/auth'
import { DEFAULT_ROLE, ROLES, role, roles } from '../../contracts/scopes'
import { CopyButton } from '../ui/copy-button'
import { useContractForm } from '../ui/form'
import { LiveNotice, Notice } from '../ui/notice'
import { Select } from '../ui/select'
import styles from './admin.module.css'
import { useInvite } from './use-invitations'

const DAYS = [
  { value: '1', label: 'One day' },
  { value: '7', label: 'One week' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
]
const asTyped = z.object({
  email: z.union([z.literal(''), email], 'Enter an e-mail address such as name@example.com, or none.'),
  role,
  expires_in_days: z.string(),
})

/** Makes an invitation and shows its link, which is shown nowhere else and never again. */
export function InviteForm() {
  const [made, setMade] = useState<{ link: string; email: string | null } | null>(null)
  const invite = useInvite()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: asTyped as z.ZodType<unknown, Record<'email' | 'role' | 'expires_in_days', string>>,
    initialValues: { email: '', role: DEFAULT_ROLE as string, expires_in_days: '7' },
  })

  return (
    <div className={styles.body}>
      <LiveNotice tone="bad">{message}</LiveNotice>
      <form
        noValidate
        aria-label="Invite somebody"
        className={styles.invite}
        onSubmit={onSubmit((values) => {
          const input = {
            email: values.email.trim() || null,
            role: role.parse(values.role),
            expires_in_days: Number(values.expires_in_days),
          }
          invite.mutate(input, {
            onError: showFailure,
            onSuccess({ token, invitation }) {
              form.reset()
              setMade({ link: `${location.origin}/sign-up#${token}`, email: invitation.email })
            },
          })
        })}
      >
        <TextInput
          label="E-mail, if only one address may use it"
          type="text"
          inputMode="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <Select
          label="Role"
          data={ROLES.map((value) => ({ value, label: roles[value].label }))}
          key={form.key('role')}
          {...form.getInputProps('role')}
        />
        <Select
          label="Valid for"
          data={DAYS}
          key={form.key('expires_in_days')}
          {...form.getInputProps('expires_in_days')}
        />
        <Button type="submit" size="md" loading={invite.isPending}>
          Create link
        </Button>
      </form>
      <div role="status" className={styles.body}>
        {made ? (
          <>
            <Notice tone="good">
              Give this link to {made.email ?? 'whom you invite'}. It works once, and is not shown again.
            </Notice>
            <div className={styles.link}>
              <code>{made.link}</code>
              <CopyButton text={made.link} what="link" />
            </div>
          </>
        ) : null}
      </div>
    </div>
  )
}
