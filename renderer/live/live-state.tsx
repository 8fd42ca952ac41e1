import { useEffect, useState, useSyncExternalStore } from 'react'
import { useServices } from '../app/services'
import styles from './live.module.css'

const PATIENCE_MS = 3_000
const LIVE = 'Changes show as they happen.'
const WAITING = 'Changes show when the server can be reached again.'

/** Whether pages follow what happens: a dot, which for a short break does not change. */
export function LiveState() {
  const { live } = useServices()
  const state = useSyncExternalStore(live.subscribe, live.get)
  const isWaiting = useOutlasting(state === 'waiting', PATIENCE_MS)
  if (state === 'off') return null
  const text = isWaiting ? WAITING : LIVE
  return <span className={styles.dot} data-waiting={isWaiting} role="img" aria-label={text} title={text} />
}

/** Whether something has been so for a while. */
function useOutlasting(isSo: boolean, ms: number): boolean {
  const [hasLasted, setLasted] = useState(false)
  useEffect(() => {
    if (!isSo) return setLasted(false)
    const timer = setTimeout(() => setLasted(true), ms)
    return () => clearTimeout(timer)
  }, [isSo, ms])
  return hasLasted
}
