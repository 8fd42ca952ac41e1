import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { runtimeFile } from '../../contracts/runtime-file'
import { dataFolder } from '../../server/data-folder'
import { type DesktopSession, openDesktopSessionOn, startDisplay } from '../../test/support/desktop-surroundings'
import { AURELIUS, emptyWindow, findElectron, type Start, startOnce } from '../support/electron'
import type { Result } from '../support/report'
import { compare, interleave } from '../support/statistics'

const ROUNDS = 7

/** From the start of the desktop app to its sign-in form, and the memory of all its processes, under Xvfb. */
export async function desktop(): Promise<Result[]> {
  if (process.platform !== 'linux') {
    console.error('The desktop is measured on Linux only: there it gets a display, a keychain and folders of its own.')
    return []
  }
  const electron = findElectron()
  console.error(`Electron ${electron.label}`)
  const screen = await startDisplay()
  const session = await openDesktopSessionOn(screen.display)
  const empty = emptyWindow()
  try {
    await startOnce(electron, session, AURELIUS, () => makeAccount(session))
    const pairs = await interleave(
      ROUNDS,
      () => startOnce(electron, session, AURELIUS),
      () => startOnce(electron, session, empty),
    )
    return results(pairs)
  } finally {
    await session.close()
    await screen.stop()
  }
}

/** With nobody there the app shows how the first account is made, and that once in its life. */
async function makeAccount({ env }: DesktopSession): Promise<void> {
  const file = join(dataFolder(env), 'runtime.json')
  while (!existsSync(file)) await pause(20)
  const { origin } = runtimeFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  const reply = await fetch(`${origin}/api/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse battery staple', name: 'Ada' }),
  })
  if (!reply.ok) throw new Error(`no account could be made: ${await reply.text()}`)
}

function results(pairs: { ours: Start; other: Start }[]): Result[] {
  const of = (measure: keyof Start) =>
    compare(pairs.map(({ ours, other }) => ({ ours: ours[measure], other: other[measure] })))
  const comparedWith = 'an empty Electron window'
  return [
    {
      what: 'desktop, start to sign-in form',
      ...of('milliseconds'),
      comparedWith,
      unit: 'ms',
      target: { atMost: 1.4 },
    },
    { what: 'desktop, memory of all processes', ...of('megabytes'), comparedWith, unit: 'MB', target: { atMost: 1.2 } },
  ]
}
