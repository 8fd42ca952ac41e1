const WINDOW_MS = 10 * 60_000
const MOST_PER_WINDOW = 300

interface Window<Event> {
  endsAt: number
  recorded: number
  leftOut: number
  event: Event | undefined
}

/** One that gets an entry of its own. */
export interface Admitted<Event> {
  recorded(event: Event): void
  /** Its entry could not be written: it is counted after all. */
  missed(): void
}

/** What came after the windows that have ended: how often what was recorded came again, and how much of all else. */
export interface LeftOut<Event> {
  repeated: { event: Event; times: number }[]
  others: number
}

export type Throttle<Event> = ReturnType<typeof createThrottle<Event>>

/**
 * Decides which failures get an entry of their own: the first few of a kind in ten minutes, and of all kinds together no
 * more than 300, so that nobody fills the disk by failing. What is left out is counted. A window lasts until it is
 * collected, at the earliest ten minutes after it began.
 */
export function createThrottle<Event>(now: () => number) {
  const windows = new Map<string, Window<Event>>()
  let total = { endsAt: 0, recorded: 0, leftOut: 0 }

  return {
    /** @returns nothing when it was only counted */
    admit(key: string, most: number): Admitted<Event> | undefined {
      const window = windows.get(key) ?? { endsAt: now() + WINDOW_MS, recorded: 0, leftOut: 0, event: undefined }
      if (window.recorded >= most) {
        window.leftOut += 1
        return undefined
      }
      if (total.recorded >= MOST_PER_WINDOW) {
        total.leftOut += 1
        return undefined
      }
      if (total.recorded === 0) total.endsAt = now() + WINDOW_MS
      total.recorded += 1
      window.recorded += 1
      windows.set(key, window)
      return {
        recorded(event) {
          window.event ??= event
        },
        missed() {
          window.leftOut += 1
        },
      }
    },

    /** Takes what was left out in windows that have ended, or in all of them. */
    collect(all = false): LeftOut<Event> {
      const repeated: LeftOut<Event>['repeated'] = []
      let others = 0
      for (const [key, window] of windows) {
        if (!all && window.endsAt > now()) continue
        windows.delete(key)
        if (window.leftOut === 0) continue
        if (window.event === undefined) others += window.leftOut
        else repeated.push({ event: window.event, times: window.leftOut })
      }
      if (all || total.endsAt <= now()) {
        others += total.leftOut
        total = { endsAt: 0, recorded: 0, leftOut: 0 }
      }
      return { repeated, others }
    },
  }
}
