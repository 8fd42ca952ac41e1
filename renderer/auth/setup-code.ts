import { useSyncExternalStore } from 'react'
import { useLocation } from 'react-router'
import type { DesktopBridge } from '../../contracts/ipc'
import { useServices } from '../app/services'

export type SetupCodeStore = ReturnType<typeof createSetupCode>

/** The code that makes the first administrator, where the desktop knows it: nobody has to type it there. */
export function createSetupCode(desktop: DesktopBridge | undefined) {
  let code: string | null = null
  const listeners = new Set<() => void>()

  desktop?.onServerStatus((status) => {
    if (status.state !== 'ready' || status.setupCode === code) return
    code = status.setupCode
    for (const listener of listeners) listener()
  })

  return {
    get: () => code,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** From the desktop, or behind the # of the link that a server without a desktop prints. */
export function useSetupCode(): string | null {
  const { setupCode } = useServices()
  const { hash } = useLocation()
  const told = useSyncExternalStore(setupCode.subscribe, setupCode.get)
  return told ?? (hash.slice(1) || null)
}
