/**
 * Whether the page is waiting for the person to prove that they are there. Framework-free, like the session: whoever
 * sends a request may ask, and one dialog answers all who wait.
 */
export function createStepUp() {
  let waiting: ((isProved: boolean) => void)[] = []
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }

  return {
    isAsking: () => waiting.length > 0,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Resolves when the person has proved it, or would not. */
    ask(): Promise<boolean> {
      return new Promise((resolve) => {
        waiting = [...waiting, resolve]
        tell()
      })
    },

    answer(isProved: boolean) {
      const answered = waiting
      waiting = []
      for (const resolve of answered) resolve(isProved)
      tell()
    },
  }
}
