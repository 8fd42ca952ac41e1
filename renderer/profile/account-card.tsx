import { Button } from '@mantine/core'
import { useState } from 'react'
import { RoleName } from '../auth/role-name'
import { useAccount } from '../auth/use-session'
import { Card } from '../ui/card'
import { Day, Fact, Facts } from '../ui/figures'
import { LiveNotice } from '../ui/notice'
import { ChangeEmailDialog } from './change-email-dialog'
import { ChangeNameDialog } from './change-name-dialog'
import { EmailFact } from './email-fact'
import styles from './profile.module.css'

/** Who the person is here, and how they change it. */
export function AccountCard() {
  const account = useAccount()
  const [isRenaming, setRenaming] = useState(false)
  const [isMoving, setMoving] = useState(false)
  const [done, setDone] = useState<string | null>(null)

  return (
    <Card title="Account">
      <div className={styles.body}>
        <LiveNotice tone="good">{done}</LiveNotice>
        <Facts>
          <Fact name="Name">{account.name}</Fact>
          <Fact name="E-mail">
            <EmailFact email={account.email} onDone={setDone} />
          </Fact>
          <Fact name="Role">
            <RoleName />
          </Fact>
          <Fact name="Created">
            <Day at={account.created_at} />
          </Fact>
        </Facts>
        <div className={styles.actions}>
          <Button variant="default" onClick={() => setRenaming(true)}>
            Change name
          </Button>
          <Button variant="default" onClick={() => setMoving(true)}>
            Change e-mail
          </Button>
        </div>
      </div>
      <ChangeNameDialog
        isOpen={isRenaming}
        name={account.name}
        onClose={() => setRenaming(false)}
        onDone={() => {
          setRenaming(false)
          setDone('Your name is changed.')
        }}
      />
      <ChangeEmailDialog
        isOpen={isMoving}
        email={account.email}
        onClose={() => setMoving(false)}
        onDone={(message) => {
          setMoving(false)
          setDone(message)
        }}
      />
    </Card>
  )
}
