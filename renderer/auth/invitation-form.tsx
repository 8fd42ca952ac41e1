import { Button, TextInput } from '@mantine/core'
import { useNavigate } from 'react-router'
import { z } from 'zod'
import { useContractForm } from '../ui/form'
import { tokenOf } from './use-invitation'

const pastedInvitation = z.object({
  link: z
    .string()
    .transform(tokenOf)
    .refine((token) => /^[\w-]{20,64}$/.test(token), 'Paste the whole link that you were given.'),
})

/** For links that cannot be opened, because their server is reached from this window alone. */
export function InvitationForm() {
  const navigate = useNavigate()
  const { form, onSubmit } = useContractForm({ contract: pastedInvitation, initialValues: { link: '' } })

  return (
    <form
      noValidate
      onSubmit={onSubmit(({ link }) => navigate({ hash: tokenOf(link) }, { replace: true }))}
      aria-label="Invitation"
    >
      <TextInput
        label="Invitation link"
        description="This server takes new accounts by invitation only. An administrator gives you the link."
        autoComplete="off"
        spellCheck={false}
        key={form.key('link')}
        {...form.getInputProps('link')}
      />
      <Button type="submit" fullWidth size="md">
        Continue
      </Button>
    </form>
  )
}
