import { Button, Skeleton } from '@mantine/core'
import { useState } from 'react'
import type { FactorPolicy } from '../../contracts/factor-administration'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { Confirm } from '../ui/confirm'
import { LiveNotice } from '../ui/notice'
import { Problem } from '../ui/problem'
import styles from './admin.module.css'
import { AdminPage } from './admin-page'
import { useChangeFactorPolicy, useFactorPolicy } from './use-factor-policy'

const REQUIRE = {
  question: 'Require a second factor of everybody?',
  consequence:
    'At once, whoever has none can only set one up, in every window and script. That goes for you as well, if you have none.',
  action: 'Require it',
}
const RELEASE = {
  question: 'Require it no longer?',
  consequence: 'People keep the second factors they have, and may remove them.',
  action: 'Require it no longer',
}

/** Whether everybody must have a second factor. */
export function SecondFactorPage() {
  const { data, error, refetch } = useFactorPolicy()

  return (
    <AdminPage title="Second factor" lead="What people show besides their password when they sign in.">
      <Card
        title="Required of everybody"
        aside={data ? <Badge {...(data.required && { tone: 'good' })}>{data.required ? 'On' : 'Off'}</Badge> : null}
      >
        {data ? (
          <Policy policy={data} />
        ) : error ? (
          <Problem error={error} onRetry={refetch} />
        ) : (
          <Skeleton height={96} />
        )}
      </Card>
    </AdminPage>
  )
}

function Policy({ policy: { required, users, protected_users: protectedUsers } }: { policy: FactorPolicy }) {
  const [isAsking, setAsking] = useState(false)
  const change = useChangeFactorPolicy()

  return (
    <div className={styles.body}>
      <p>
        {protectedUsers} of {users} active {users === 1 ? 'account' : 'accounts'}{' '}
        {protectedUsers === 1 ? 'has' : 'have'} an authenticator app or a passkey.
      </p>
      <p className={styles.quiet}>
        {required
          ? 'Whoever has none sets one up after signing in, before anything else. The last one cannot be removed.'
          : 'Everybody decides for themselves, on their profile page.'}
      </p>
      <LiveNotice tone="bad">{change.error?.message ?? null}</LiveNotice>
      <Button variant={required ? 'default' : ''} loading={change.isPending} onClick={() => setAsking(true)}>
        {required ? 'Require it no longer' : 'Require a second factor'}
      </Button>
      <Confirm
        {...(required ? RELEASE : REQUIRE)}
        isOpen={isAsking}
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          change.mutate(!required)
        }}
      />
    </div>
  )
}
