import { Button } from '@mantine/core'
import { useState } from 'react'
import type { MessageReply } from '../../../contracts/auth'
import type { Factors, RecoveryCodesReply } from '../../../contracts/factors'
import { useServices } from '../../app/services'
import { Confirm } from '../../ui/confirm'
import { Day, Fact, Facts } from '../../ui/figures'
import { LiveNotice } from '../../ui/notice'
import styles from './factors.module.css'
import { useFactorChange } from './use-factors'

const FEW_CODES = 3

const QUESTIONS = {
  codes: {
    question: 'Make new recovery codes?',
    consequence: 'The codes you have kept stop working. The new ones are shown once.',
    action: 'Make new codes',
  },
  remove: {
    question: 'Remove the authenticator app?',
    consequence: 'From then on your password alone signs in. Your recovery codes stop working.',
    action: 'Remove the app',
  },
}

interface ProtectedByProps {
  totp: NonNullable<Factors['totp']>
  codesLeft: number
  onCodes: (codes: string[]) => void
  onRemoved: (message: string) => void
}

/** The factors that an account has. */
export function ProtectedBy({ totp, codesLeft, onCodes, onRemoved }: ProtectedByProps) {
  const { api } = useServices()
  const [asking, setAsking] = useState<keyof typeof QUESTIONS>('codes')
  const [isAsking, setOpen] = useState(false)
  const replace = useFactorChange<void, RecoveryCodesReply>(api.replaceRecoveryCodes)
  const remove = useFactorChange<void, MessageReply>(api.removeTotp)
  const failure = replace.error ?? remove.error

  function ask(about: keyof typeof QUESTIONS) {
    replace.reset()
    remove.reset()
    setAsking(about)
    setOpen(true)
  }

  function go() {
    setOpen(false)
    if (asking === 'codes') replace.mutate(undefined, { onSuccess: ({ recovery_codes }) => onCodes(recovery_codes) })
    else remove.mutate(undefined, { onSuccess: ({ message }) => onRemoved(message) })
  }

  return (
    <>
      <p className={styles.lead}>Signing in takes your password and a code of your authenticator app.</p>
      <Facts>
        <Fact name="Authenticator app">
          Since <Day at={totp.confirmed_at} />
        </Fact>
        <Fact name="Recovery codes">{codesLeft} of 10 left</Fact>
      </Facts>
      <LiveNotice tone="plain">
        {codesLeft < FEW_CODES ? 'Few recovery codes are left: make new ones before you need them.' : null}
      </LiveNotice>
      <LiveNotice tone="bad">{failure ? failure.message : null}</LiveNotice>
      <div className={styles.actions}>
        <Button variant="default" loading={replace.isPending} onClick={() => ask('codes')}>
          Make new recovery codes
        </Button>
        <Button variant="default" loading={remove.isPending} onClick={() => ask('remove')}>
          Remove the app
        </Button>
      </div>
      <Confirm {...QUESTIONS[asking]} isOpen={isAsking} onCancel={() => setOpen(false)} onConfirm={go} />
    </>
  )
}
