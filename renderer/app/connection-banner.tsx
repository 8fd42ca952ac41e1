import { Button } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import type { Connection } from './connection'
import styles from './connection-banner.module.css'
import { useConnection, useServices } from './services'

/** The live region is always there, because screen readers announce only what appears inside a known one. */
export function ConnectionBanner() {
  const current = useConnection()
  const { connection } = useServices()

  return (
    <div role="status">
      {current.state === 'connected' ? null : (
        <div className={styles.banner}>
          <IconPlugConnectedX size="1.125rem" stroke={1.75} aria-hidden />
          <span>{sentence(current)}</span>
          <Button variant="default" size="compact-sm" onClick={() => connection.ask()}>
            Try now
          </Button>
        </div>
      )}
    </div>
  )
}

function sentence(connection: Exclude<Connection, { state: 'connected' }>): string {
  if (connection.state === 'restarting')
    return `The server stopped and is being restarted (attempt ${connection.attempt}).`
  if (connection.state === 'failed') return connection.reason
  return 'The server cannot be reached. Trying again by itself.'
}
