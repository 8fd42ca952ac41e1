import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { type DesktopSession, type KeychainKind, openDesktopSessionOn, startDisplay } from './desktop-surroundings'

export type { DesktopSession, KeychainKind } from './desktop-surroundings'

declare module 'vitest' {
  interface ProvidedContext {
    display: string
  }
}

/** One display for the whole run. */
export default async function provideDisplay(project: TestProject): Promise<() => Promise<void>> {
  const { display, stop } = await startDisplay()
  project.provide('display', display)
  return stop
}

export function openDesktopSession(keychain?: KeychainKind): Promise<DesktopSession> {
  return openDesktopSessionOn(inject('display'), keychain)
}
