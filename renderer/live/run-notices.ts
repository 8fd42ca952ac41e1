import type { EndedRun } from '../../contracts/ended-run'
import type { LedgerEvent } from '../../contracts/events'
import type { DesktopBridge } from '../../contracts/ipc'

const KEY = 'aurelius-run-notices'
const ON = '1'
const OFF = '0'
export const LONG_RUN_SECONDS = 60
const NAME_LENGTH = 200

export type RunNotices = ReturnType<typeof createRunNotices>

/**
 * Has the system say when a long run of the person's own has ended while they look at something else. In the desktop
 * window it does unless it is told not to; in a browser once its user has allowed it.
 */
export function createRunNotices(desktop: DesktopBridge | undefined) {
  const isAllowed = () => desktop !== undefined || ('Notification' in window && Notification.permission === 'granted')
  const chosen = () => attempt(() => localStorage.getItem(KEY))
  const isOn = () => isAllowed() && (desktop ? chosen() !== OFF : chosen() === ON)
  const keep = (choice: string) => void attempt(() => localStorage.setItem(KEY, choice))

  function say(run: EndedRun): void {
    if (desktop) {
      desktop.tellRunEnded(run)
      return
    }
    const title = `${run.strategy_name}: run ${run.outcome}`
    const notification = new Notification(title, { tag: run.id, icon: '/favicon.svg' })
    notification.onclick = () => {
      window.focus()
      location.assign(`/backtests/${run.id}`)
    }
  }

  return {
    isOn,
    isPossible: () => desktop !== undefined || 'Notification' in window,

    /** @returns whether they are on now: a browser may not allow it */
    async choose(wanted: boolean): Promise<boolean> {
      if (wanted && !isAllowed()) await Notification.requestPermission()
      keep(wanted && isAllowed() ? ON : OFF)
      return isOn()
    },

    apply(events: LedgerEvent[], userId: string): void {
      for (const { type, actor_id, subject_id: id, strategy_name, data } of events) {
        const outcome = type === 'backtest.completed' ? 'completed' : type === 'backtest.failed' ? 'failed' : null
        const seconds = data.duration_seconds
        if (outcome === null || id === null || actor_id !== userId || typeof seconds !== 'number') continue
        if (seconds < LONG_RUN_SECONDS || !isOn() || document.hasFocus()) continue
        say({ id, outcome, strategy_name: strategy_name.slice(0, NAME_LENGTH), duration_seconds: seconds })
      }
    },
  }
}

/** A browser may be told to keep nothing; then the choice lasts no longer than the moment. */
function attempt<T>(access: () => T): T | undefined {
  try {
    return access()
  } catch {
    return undefined
  }
}
