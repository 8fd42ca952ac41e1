import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { ApiKey, IssuedApiKey } from '../../contracts/api-keys'
import { UnreachableError } from '../api'
import { Card } from '../ui/card'
import { Confirm } from '../ui/confirm'
import { LiveNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { Problem } from '../ui/problem'
import { CreateKeyDialog } from './create-key-dialog'
import { IssuedKey } from './issued-key'
import { KeyItem } from './key-item'
import styles from './keys.module.css'
import { RotateKeyDialog } from './rotate-key-dialog'
import { useEndGrace, useKeys, usePermissions, useRefreshKeys, useRevokeKey } from './use-keys'

/** What is asked before it is done, and about which key. */
type Question = { about: 'rotate' | 'revoke' | 'end-grace'; key: ApiKey }

export function KeysPage() {
  const { data, error, refetch } = useKeys()
  const permissions = usePermissions()
  const refresh = useRefreshKeys()
  const [isCreating, setCreating] = useState(false)
  const [question, setQuestion] = useState<Question | null>(null)
  const [issued, setIssued] = useState<IssuedApiKey | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const list = useRef<HTMLDivElement>(null)
  const revoke = useRevokeKey()
  const endGrace = useEndGrace()
  const failure = revoke.error ?? endGrace.error
  const asked = (about: Question['about']) => (question?.about === about ? question.key : null)

  function start(next: Question | null) {
    setDone(null)
    revoke.reset()
    endGrace.reset()
    setQuestion(next)
  }

  /** Whatever was pressed goes away with what it ended, so the focus stays with what is left. */
  function finish(message: string) {
    setDone(message)
    list.current?.focus()
  }

  function show(made: IssuedApiKey) {
    setCreating(false)
    start(null)
    setIssued(made)
  }

  const createButton = (
    <Button leftSection={<IconPlus size="1rem" stroke={2} aria-hidden />} onClick={() => setCreating(true)}>
      Create key
    </Button>
  )

  return (
    <Page title="API keys" lead="A key lets a script use Aurelius without your password, and only for what you allow.">
      {issued ? (
        <IssuedKey
          key={issued.secret}
          issued={issued}
          onDone={() => {
            setIssued(null)
            list.current?.focus()
          }}
        />
      ) : null}
      <Card title="Your keys" aside={data && data.total > 0 ? createButton : null}>
        <div ref={list} tabIndex={-1} className={styles.list}>
          <LiveNotice tone="good">{done}</LiveNotice>
          <LiveNotice tone="bad">{failure ? failure.message : null}</LiveNotice>
          {data ? null : <Waiting error={error} onRetry={refetch} />}
          {data?.total === 0 ? <Empty>{createButton}</Empty> : null}
          {data && data.total > 0 ? (
            <ul className={styles.keys} aria-label="API keys">
              {data.api_keys.map((key) => (
                <KeyItem
                  key={key.id}
                  apiKey={key}
                  onRotate={() => start({ about: 'rotate', key })}
                  onRevoke={() => start({ about: 'revoke', key })}
                  onEndGrace={() => start({ about: 'end-grace', key })}
                  onGraceOver={refresh}
                />
              ))}
            </ul>
          ) : null}
        </div>
      </Card>
      <CreateKeyDialog
        isOpen={isCreating}
        allowed={permissions.data?.scopes ?? []}
        onClose={() => setCreating(false)}
        onDone={show}
      />
      <RotateKeyDialog apiKey={asked('rotate')} onClose={() => setQuestion(null)} onDone={show} />
      <Confirm
        isOpen={asked('revoke') !== null}
        question={`Revoke “${asked('revoke')?.name ?? ''}”?`}
        consequence="Every script that uses this key is refused from now on. A revoked key cannot be brought back."
        action="Revoke"
        onCancel={() => setQuestion(null)}
        onConfirm={() => {
          const key = asked('revoke')
          start(null)
          if (key) revoke.mutate(key.id, { onSuccess: () => finish(`“${key.name}” is revoked.`) })
        }}
      />
      <Confirm
        isOpen={asked('end-grace') !== null}
        question={`End the old key of “${asked('end-grace')?.name ?? ''}” now?`}
        consequence="Scripts that still use the old key are refused from now on. The new one goes on working."
        action="End it now"
        onCancel={() => setQuestion(null)}
        onConfirm={() => {
          const key = asked('end-grace')
          start(null)
          if (key) endGrace.mutate(key.id, { onSuccess: () => finish(`The old key of “${key.name}” has ended.`) })
        }}
      />
    </Page>
  )
}

function Empty({ children }: { children: React.ReactNode }) {
  return (
    <div className={styles.empty}>
      <IconKey size="2rem" stroke={1.5} aria-hidden />
      <p>
        <strong>You have no API keys.</strong>
      </p>
      <p className={styles.quiet}>
        A notebook, a nightly backtest or a dashboard of your own shows a key instead of signing in. Each key has its
        own permissions and its own end, and you can revoke it at any time.
      </p>
      {children}
    </div>
  )
}

function Waiting({ error, onRetry }: { error: Error | null; onRetry: () => unknown }) {
  // The banner speaks for a server that cannot be reached.
  if (error && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={onRetry} />
  return (
    <div role="status" className={styles.list}>
      <VisuallyHidden>Loading your API keys</VisuallyHidden>
      <Skeleton height={24} />
      <Skeleton height={72} />
    </div>
  )
}
