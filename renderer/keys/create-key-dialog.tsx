import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useId, useRef, useState } from 'react'
import {
  canWrite,
  DEFAULT_KEY_LIFE_SECONDS,
  type IssuedApiKey,
  KEY_NAME_MAX_LENGTH,
  newApiKey,
} from '../../contracts/api-keys'
import { KEY_SCOPES, type KeyScope, type Scope, scopes as scopeFacts } from '../../contracts/scopes'
import { sentenceFor } from '../../contracts/sentences'
import { ApiError } from '../api'
import { Dialog, DialogActions } from '../ui/dialog'
import { LiveNotice } from '../ui/notice'
import styles from './keys.module.css'
import { useCreateKey } from './use-keys'

const NEVER = 'never'
const LIVES = [
  { value: '604800', label: '7 days' },
  { value: '2592000', label: '30 days' },
  { value: String(DEFAULT_KEY_LIFE_SECONDS), label: '90 days' },
  { value: '31536000', label: 'One year' },
  { value: NEVER, label: 'Never' },
]

interface CreateKeyDialogProps {
  isOpen: boolean
  /** What the person may do: a key of theirs can do no more. */
  allowed: Scope[]
  onClose: () => void
  onDone: (issued: IssuedApiKey) => void
}

export function CreateKeyDialog({ isOpen, allowed, onClose, onDone }: CreateKeyDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      title="Create an API key"
      description="Give each script a key of its own, with no more than it needs: then you can end one without the others."
      onClose={onClose}
    >
      <CreateKeyForm allowed={allowed} onCancel={onClose} onDone={onDone} />
    </Dialog>
  )
}

type Faults = Partial<Record<string, string>>

function CreateKeyForm({
  allowed,
  onCancel,
  onDone,
}: { allowed: Scope[] } & Pick<CreateKeyDialogProps, 'onDone'> & {
    onCancel: () => void
  }) {
  const offered = KEY_SCOPES.filter((scope) => allowed.includes(scope))
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<KeyScope[]>(offered.filter((scope) => scope === 'ledger:read'))
  const [life, setLife] = useState(String(DEFAULT_KEY_LIFE_SECONDS))
  const [addresses, setAddresses] = useState('')
  const [isMeant, setMeant] = useState(false)
  const [faults, setFaults] = useState<Faults>({})
  const [message, setMessage] = useState<string | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const create = useCreateKey()
  const asksTwice = life === NEVER && canWrite(chosen)

  /** Each fault by its field, and the focus on the first of them. */
  function show(found: { field: string; message: string }[]) {
    const byField: Faults = {}
    for (const fault of found) byField[fault.field.split('.')[0] ?? ''] ??= fault.message
    setFaults(byField)
    const [first] = ['name', 'scopes', 'expires_in_seconds', 'write_without_expiry', 'addresses'].filter(
      (field) => byField[field],
    )
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus()
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    setMessage(null)
    const listed = addresses.split(/[\s,;]+/).filter((address) => address !== '')
    const input = {
      name,
      scopes: chosen,
      expires_in_seconds: life === NEVER ? null : Number(life),
      addresses: listed.length > 0 ? listed : null,
      write_without_expiry: asksTwice && isMeant,
    }
    const parsed = newApiKey.safeParse(input, { error: sentenceFor })
    if (!parsed.success) {
      show(parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })))
      return
    }
    setFaults({})
    create.mutate(input, {
      onSuccess: onDone,
      onError(error) {
        if (error instanceof ApiError && error.fields.length > 0) show(error.fields)
        else setMessage(error.message)
      },
    })
  }

  return (
    <form ref={form} noValidate onSubmit={submit} aria-label="Create an API key">
      <LiveNotice tone="bad">{message}</LiveNotice>
      <TextInput
        label="Name"
        name="name"
        description="What the key is for, such as the name of a script."
        autoComplete="off"
        maxLength={KEY_NAME_MAX_LENGTH}
        value={name}
        error={faults.name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <ScopeChoice offered={offered} chosen={chosen} fault={faults.scopes} onChange={setChosen} />
      <NativeSelect
        label="Expires after"
        name="expires_in_seconds"
        data={LIVES}
        value={life}
        error={faults.expires_in_seconds}
        onChange={({ currentTarget }) => setLife(currentTarget.value)}
      />
      {asksTwice ? (
        <Checkbox
          name="write_without_expiry"
          label="This key may change things and never expires. I want that, and will revoke it when it is not needed."
          checked={isMeant}
          error={faults.write_without_expiry}
          onChange={({ currentTarget }) => setMeant(currentTarget.checked)}
        />
      ) : null}
      <TextInput
        label="Only from these addresses"
        name="addresses"
        description="Optional. Addresses or networks, such as 192.0.2.7 or 192.0.2.0/24, with commas between them."
        autoComplete="off"
        value={addresses}
        error={faults.addresses}
        onChange={({ currentTarget }) => setAddresses(currentTarget.value)}
      />
      <DialogActions>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending}>
          Create key
        </Button>
      </DialogActions>
    </form>
  )
}

interface ScopeChoiceProps {
  offered: KeyScope[]
  chosen: KeyScope[]
  fault: string | undefined
  onChange: (chosen: KeyScope[]) => void
}

function ScopeChoice({ offered, chosen, fault, onChange }: ScopeChoiceProps) {
  const id = useId()
  return (
    <fieldset className={styles.choice} aria-describedby={fault ? id : undefined}>
      <legend>It may</legend>
      {offered.map((scope) => (
        <Checkbox
          key={scope}
          name="scopes"
          label={scopeFacts[scope].allows.replace('their own', 'your')}
          description={<code>{scope}</code>}
          checked={chosen.includes(scope)}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.checked ? [...chosen, scope] : chosen.filter((other) => other !== scope))
          }
        />
      ))}
      {fault ? (
        <p id={id} className={styles.fault}>
          {fault}
        </p>
      ) : null}
    </fieldset>
  )
}
