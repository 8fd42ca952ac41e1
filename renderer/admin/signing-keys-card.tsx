import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { useRef, useState } from 'react'
import type { SigningKeyInfo, SigningKeyList } from '../../contracts/signing-keys'
import { UnreachableError } from '../api'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { Confirm } from '../ui/confirm'
import { DataTable } from '../ui/data-table'
import { Moment } from '../ui/figures'
import { LiveNotice, Notice } from '../ui/notice'
import { Problem } from '../ui/problem'
import styles from './admin.module.css'
import { isNext, useRotateSigningKey, useSigningKeys } from './use-signing-keys'

const STATES = {
  next: { word: 'About to begin', tone: 'waiting' },
  current: { word: 'Signs', tone: 'good' },
  previous: { word: 'Checks', tone: 'plain' },
} as const

/** The keys that sign access tokens, and making a new one. */
export function SigningKeysCard() {
  const { data, error, refetch } = useSigningKeys()
  const rotate = useRotateSigningKey()
  const body = useRef<HTMLDivElement>(null)
  const [isAsking, setAsking] = useState(false)
  const [done, setDone] = useState<string | null>(null)

  return (
    <Card title="Signing keys">
      <div ref={body} tabIndex={-1} className={styles.body}>
        <p className={styles.quiet}>
          Every sign-in is proved by a token that one of these keys has signed. A new key takes over within seconds; the
          one before goes on checking what it signed until that has expired, and is then destroyed. Nobody is signed
          out.
        </p>
        <LiveNotice tone="good">{done}</LiveNotice>
        <LiveNotice tone="bad">{rotate.error?.message ?? null}</LiveNotice>
        {data ? <Keys list={data} /> : <Waiting error={error} onRetry={refetch} />}
        {data ? <HowToRotate list={data} isPending={rotate.isPending} onAsk={() => setAsking(true)} /> : null}
      </div>
      <Confirm
        isOpen={isAsking}
        question="Make a new signing key?"
        consequence="It signs within seconds, on every Aurelius that uses this keychain. People and scripts stay signed in."
        action="Make a new key"
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          setDone(null)
          rotate.mutate(undefined, {
            onSuccess() {
              setDone('A new signing key is there, and begins in a moment.')
              body.current?.focus()
            },
          })
        }}
      />
    </Card>
  )
}

function Keys({ list }: { list: SigningKeyList }) {
  return (
    <DataTable
      label="Signing keys"
      rows={list.signing_keys}
      keyOf={({ id }) => id}
      columns={[
        { label: 'Key', cell: ({ id }) => <code>{id}</code> },
        { label: 'State', cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].word}</Badge> },
        { label: 'Signs from', cell: (key) => <Beginning signingKey={key} keptIn={list.kept_in} /> },
        { label: 'Destroyed', cell: ({ ends_at }) => (ends_at ? <Moment at={ends_at} /> : '—') },
      ]}
    />
  )
}

function Beginning({
  signingKey: { signs_from: from, state },
  keptIn,
}: {
  signingKey: SigningKeyInfo
  keptIn: string
}) {
  if (from) return <Moment at={from} />
  if (keptIn === 'settings') return state === 'previous' ? 'Only checks' : 'While it is set'
  return 'The beginning'
}

interface HowToRotateProps {
  list: SigningKeyList
  isPending: boolean
  onAsk: () => void
}

function HowToRotate({ list, isPending, onAsk }: HowToRotateProps) {
  if (list.kept_in === 'settings')
    return (
      <Notice tone="plain">
        This server’s key is the setting SECRET_KEY. To change it, put the key of now into SECRET_KEY_PREVIOUS and a new
        one into SECRET_KEY, and start the server again.
      </Notice>
    )
  return (
    <Button variant="default" loading={isPending} disabled={isNext(list)} onClick={onAsk}>
      Make a new key
    </Button>
  )
}

function Waiting({ error, onRetry }: { error: Error | null; onRetry: () => unknown }) {
  // The banner speaks for a server that cannot be reached.
  if (error && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={onRetry} />
  return (
    <div role="status" className={styles.waiting}>
      <VisuallyHidden>Loading the signing keys</VisuallyHidden>
      <Skeleton height={22} />
      <Skeleton height={22} />
    </div>
  )
}
