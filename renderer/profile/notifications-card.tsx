import { Switch } from '@mantine/core'
import { useState } from 'react'
import { useServices } from '../app/services'
import { Card } from '../ui/card'
import { LiveNotice } from '../ui/notice'
import styles from './profile.module.css'

const BLOCKED = 'This browser does not allow it: allow notifications of this site in its settings first.'

/** What the system says while the person looks at something else; chosen for each computer and browser. */
export function NotificationsCard() {
  const { runNotices } = useServices().live
  const [isOn, setOn] = useState(runNotices.isOn)
  const [isBlocked, setBlocked] = useState(false)

  async function choose(wanted: boolean) {
    const next = await runNotices.choose(wanted)
    setOn(next)
    setBlocked(wanted && !next)
  }

  return (
    <Card title="Notifications">
      <div className={styles.body}>
        <Switch
          label="Tell me when a long run has ended"
          description="For runs of yours that took a minute or more, while you look at something else. On this computer only."
          checked={isOn}
          disabled={!runNotices.isPossible()}
          onChange={({ currentTarget }) => choose(currentTarget.checked)}
        />
        <LiveNotice tone="bad">{isBlocked ? BLOCKED : null}</LiveNotice>
      </div>
    </Card>
  )
}
