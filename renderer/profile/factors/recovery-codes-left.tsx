import { Button } from '@mantine/core'
import { useState } from 'react'
import type { RecoveryCodesReply } from '../../../contracts/factors'
import { useServices } from '../../app/services'
import { Confirm } from '../../ui/confirm'
import { LiveNotice } from '../../ui/notice'
import styles from './factors.module.css'
import { useFactorChange } from './use-factors'

const FEW_CODES = 3

interface RecoveryCodesLeftProps {
  left: number
  onCodes: (codes: string[]) => void
}

export function RecoveryCodesLeft({ left, onCodes }: RecoveryCodesLeftProps) {
  const { api } = useServices()
  const [isAsking, setAsking] = useState(false)
  const replace = useFactorChange<void, RecoveryCodesReply>(api.replaceRecoveryCodes)

  return (
    <section className={styles.group} aria-label="Recovery codes">
      <h3>Recovery codes</h3>
      <p className={styles.lead}>{left} of 10 left, for the day you have nothing else.</p>
      <LiveNotice tone="plain">
        {left < FEW_CODES ? 'Few recovery codes are left: make new ones before you need them.' : null}
      </LiveNotice>
      <LiveNotice tone="bad">{replace.error ? replace.error.message : null}</LiveNotice>
      <Button variant="default" loading={replace.isPending} onClick={() => setAsking(true)}>
        Make new recovery codes
      </Button>
      <Confirm
        isOpen={isAsking}
        question="Make new recovery codes?"
        consequence="The codes you have kept stop working. The new ones are shown once."
        action="Make new codes"
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          replace.mutate(undefined, { onSuccess: ({ recovery_codes }) => onCodes(recovery_codes) })
        }}
      />
    </section>
  )
}
