import { openDesktopSessionOn, startDisplay } from '../../test/support/desktop-surroundings'
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
