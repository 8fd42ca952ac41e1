import { Button } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { AuditVerification } from '../../contracts/audit-log'
import { Card } from '../ui/card'
import { Confirm } from '../ui/confirm'
import { Moment } from '../ui/figures'
import { LiveNotice, Notice } from '../ui/notice'
import styles from './audit.module.css'
import { useAccept, useVerify } from './use-audit'

const PLACES = { keychain: 'in the keychain', file: 'in a sealed file', none: '' }

/** Proves on demand that nothing was altered, removed or reordered. */
export function VerifyCard({ onShow }: { onShow: (seq: number) => void }) {
  const verify = useVerify()
  const { data } = verify

  return (
    <Card
      title="Integrity"
      aside={
        data && !verify.isPending ? (
          <span className={styles.quiet}>
            Verified <Moment at={data.verified_at} />
          </span>
        ) : null
      }
    >
      <div className={styles.body}>
        <p className={styles.quiet}>
          Reads the whole log and checks every entry: that it is what was written, that it follows the one before, and
          that none is missing, the newest included.
        </p>
        <LiveNotice tone="bad">{verify.error ? verify.error.message : null}</LiveNotice>
        <div role="status" className={styles.result}>
          {data && !verify.isPending ? (
            <Result verification={data} onShow={onShow} onAccepted={() => verify.mutate()} />
          ) : null}
        </div>
        <Button
          variant="default"
          leftSection={<IconShieldCheck size="1.0625rem" stroke={1.75} aria-hidden />}
          loading={verify.isPending}
          onClick={() => verify.mutate()}
        >
          Verify the log
        </Button>
      </div>
    </Card>
  )
}

interface ResultProps {
  verification: AuditVerification
  onShow: (seq: number) => void
  onAccepted: () => void
}

function Result({ verification, onShow, onAccepted }: ResultProps) {
  const { entries, first_bad: bad, mirror, unchecked_seals: unchecked } = verification
  const elsewhere = unchecked.reduce((sum, { entries: some }) => sum + some, 0)

  return (
    <>
      {bad ? (
        <Notice tone="bad">
          <p>
            <strong>{bad.message}</strong>
            {bad.seq > 1 ? ' Entries before it are as they were written.' : null}
          </p>
          <div className={styles.buttons}>
            <Button variant="default" size="compact-sm" onClick={() => onShow(bad.seq)}>
              Show where
            </Button>
            {bad.kind === 'cut_off' || bad.kind === 'replaced' ? <AcceptButton onAccepted={onAccepted} /> : null}
          </div>
        </Notice>
      ) : (
        <Notice tone="good">
          <strong>{countOf(entries)} intact.</strong> {endSentence(mirror)}
        </Notice>
      )}
      {elsewhere > 0 ? (
        <Notice tone="plain">
          {`The seals of ${countOf(elsewhere)} were made with a key that is not on this computer, so only their hashes were checked.`}
        </Notice>
      ) : null}
    </>
  )
}

function endSentence({ place, seq }: AuditVerification['mirror']): string {
  if (seq === null)
    return 'Where the log ends is remembered nowhere else yet, so newest entries could have been cut off.'
  return `Its end agrees with what is remembered ${PLACES[place]}, up to entry ${seq.toLocaleString('en-GB')}.`
}

/** After a restored backup the log is shorter, and rightly so. */
function AcceptButton({ onAccepted }: { onAccepted: () => void }) {
  const [isAsking, setAsking] = useState(false)
  const accept = useAccept(onAccepted)

  return (
    <>
      <Button variant="default" size="compact-sm" loading={accept.isPending} onClick={() => setAsking(true)}>
        A backup was restored
      </Button>
      <LiveNotice tone="bad">{accept.error ? accept.error.message : null}</LiveNotice>
      <Confirm
        isOpen={isAsking}
        question="Accept the log as it is?"
        consequence="Do this only if you know that a backup was restored. What the keychain remembers of the longer log is forgotten, and an entry says that you did this."
        action="Accept the log"
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          accept.mutate()
        }}
      />
    </>
  )
}

const countOf = (entries: number) => `${entries.toLocaleString('en-GB')} ${entries === 1 ? 'entry' : 'entries'}`
