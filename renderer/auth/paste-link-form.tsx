import { Button, TextInput } from '@mantine/core'
import { useNavigate } from 'react-router'
import { z } from 'zod'
import { useContractForm } from '../ui/form'
import { tokenOf } from './use-invitation'

const pastedLink = z.object({
  link: z
    .string()
    .transform(tokenOf)
    .refine((token) => /^[\w-]{20,64}$/.test(token), 'Paste the whole link that you were given.'),
})

interface PasteLinkFormProps {
  name: string
  label: string
  description: string
}

/** For links that cannot be opened, because their server is reached from this window alone. */
export function PasteLinkForm({ name, label, description }: PasteLinkFormProps) {
  const navigate = useNavigate()
  const { form, onSubmit } = useContractForm({ contract: pastedLink, initialValues: { link: '' } })

  return (
    <form
      noValidate
      onSubmit={onSubmit(({ link }) => navigate({ hash: tokenOf(link) }, { replace: true }))}
      aria-label={name}
    >
      <TextInput
        label={label}
        description={description}
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
