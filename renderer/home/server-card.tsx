import { Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { UnreachableError } from '../api'
import { useConnection } from '../app/services'
import { DIALECT_NAMES, useHealth } from '../app/use-health'
import { Duration, StatusDot, useNow } from '../ui/figures'
import { Problem } from '../ui/problem'
import styles from './home.module.css'

/** How the server and its database are right now, as the server itself says. */
export function ServerCard() {
  const { data, error, dataUpdatedAt, refetch } = useHealth()
  const isConnected = useConnection().state === 'connected'

  // The banner already says that nobody answers.
  if (error && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={refetch} />

  return (
    <section className={styles.strip} aria-label="Server and database">
      <dl>
        <Figure name="Server">
          {data || !isConnected ? <Standing isGood={isConnected} good="Healthy" bad="No answer" /> : null}
        </Figure>
        <Figure name="Database">
          {data ? (
            <Standing
              isGood={isConnected}
              good={`${DIALECT_NAMES[data.database.dialect]}, ${data.database.status}`}
              bad={`${DIALECT_NAMES[data.database.dialect]}, no answer`}
            />
          ) : null}
        </Figure>
        <Figure name="Up for">
          {data ? <Uptime seconds={data.uptime_seconds} asOf={dataUpdatedAt} isRunning={isConnected} /> : null}
        </Figure>
        <Figure name="Version">{data?.version}</Figure>
      </dl>
    </section>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children ?? <Skeleton height={20} width={96} />}</dd>
    </div>
  )
}

function Standing({ isGood, good, bad }: { isGood: boolean; good: string; bad: string }) {
  return (
    <>
      <StatusDot tone={isGood ? 'good' : 'bad'} /> {isGood ? good : bad}
    </>
  )
}

function Uptime({ seconds, asOf, isRunning }: { seconds: number; asOf: number; isRunning: boolean }) {
  const now = useNow()
  if (!isRunning) return '—'
  return <Duration seconds={seconds + Math.max(0, now - asOf) / 1000} />
}
