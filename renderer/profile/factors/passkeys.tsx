import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FactorAdded } from '../../../contracts/factors'
import type { Passkey } from '../../../contracts/passkeys'
import { useServices } from '../../app/services'
import { isPasskeyPlace, makePasskey, placeForPasskeys } from '../../auth/passkey-support'
import { Confirm } from '../../ui/confirm'
import { CopyButton } from '../../ui/copy-button'
import { Moment } from '../../ui/figures'
import { LiveNotice, Notice } from '../../ui/notice'
import styles from './factors.module.css'
import { useFactorChange } from './use-factors'

interface PasskeysProps {
  passkeys: Passkey[]
  onAdded: (added: FactorAdded) => void
  onRemoved: (message: string) => void
}

/** Passkeys of the account, and one more where the address of the page permits it. */
export function Passkeys({ passkeys, onAdded, onRemoved }: PasskeysProps) {
  const { api } = useServices()
  const [asking, setAsking] = useState<Passkey | null>(null)
  const remove = useFactorChange(api.removePasskey)

  return (
    <section className={styles.group} aria-label="Passkeys">
      <h3>Passkeys</h3>
      <p className={styles.lead}>
        A passkey is kept by your browser, telephone or security key. It stands in for a code, or signs you in without a
        password.
      </p>
      <LiveNotice tone="bad">{remove.error ? remove.error.message : null}</LiveNotice>
      {passkeys.length > 0 ? (
        <ul className={styles.passkeys} aria-label="Your passkeys">
          {passkeys.map((passkey) => (
            <li key={passkey.id}>
              <div>
                <strong>{passkey.name}</strong>
                <span>
                  For {passkey.site}, added <Moment at={passkey.created_at} />,{' '}
                  {passkey.last_used_at ? (
                    <>
                      last used <Moment at={passkey.last_used_at} />
                    </>
                  ) : (
                    'not used yet'
                  )}
                </span>
              </div>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`Remove ${passkey.name}`}
                loading={remove.isPending && remove.variables === passkey.id}
                onClick={() => setAsking(passkey)}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {isPasskeyPlace(location) ? <AddPasskey onAdded={onAdded} /> : <NoPlace />}
      <Confirm
        isOpen={asking !== null}
        question={`Remove ${asking?.name ?? 'the passkey'}?`}
        consequence="It does not sign you in any more. Your browser or key may still show it until you delete it there."
        action="Remove the passkey"
        onCancel={() => setAsking(null)}
        onConfirm={() => {
          setAsking(null)
          if (asking) remove.mutate(asking.id, { onSuccess: ({ message }) => onRemoved(message) })
        }}
      />
    </section>
  )
}

function AddPasskey({ onAdded }: { onAdded: (added: FactorAdded) => void }) {
  const { api, session } = useServices()
  const [name, setName] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const add = useFactorChange<string, FactorAdded>(async (token, chosen) => {
    const credential = await makePasskey(await session.call(api.beginPasskey))
    return api.addPasskey(token, { name: chosen, credential })
  })

  return (
    <form
      noValidate
      className={styles.add}
      aria-label="Add a passkey"
      onSubmit={(event) => {
        event.preventDefault()
        const chosen = name.trim()
        setFault(chosen === '' ? 'Give the passkey a name.' : null)
        if (chosen !== '') add.mutate(chosen, { onSuccess: onAdded, onError: (error) => setFault(error.message) })
      }}
    >
      <TextInput
        label="Name of a new passkey"
        placeholder="For example: this laptop"
        value={name}
        error={fault}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={add.isPending}>
        Add a passkey
      </Button>
    </form>
  )
}

function NoPlace() {
  const place = placeForPasskeys(location)
  return (
    <Notice tone="plain">
      <span>
        Browsers use no passkeys at an address without a name, such as {location.hostname}. To add one, open {place} in
        a browser on this computer.
      </span>{' '}
      <CopyButton text={`${place}/profile`} what="address for passkeys" />
    </Notice>
  )
}
