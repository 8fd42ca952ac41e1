export type Gate = ReturnType<typeof createGate>

/**
 * Lets only so many attempts on a key run at once as may still fail; the others wait for one of these to end. Without
 * it a thousand guesses sent together would all pass before the first of them is known to be wrong.
 */
export function createGate() {
  const running = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>()

  function callNext(key: string): void {
    const queue = waiting.get(key)
    const next = queue?.shift()
    if (queue?.length === 0) waiting.delete(key)
    next?.()
  }

  return {
    /** Takes a place at every key, or none at all. @returns the key that has no room */
    enter(rooms: { key: string; room: number }[]): string | undefined {
      const full = rooms.find(({ key, room }) => (running.get(key) ?? 0) >= room)
      if (full) return full.key
      for (const { key } of rooms) running.set(key, (running.get(key) ?? 0) + 1)
      return undefined
    },

    /** Resolves when a place at a key has become free; whoever does not take it calls the next. */
    turn(key: string): Promise<void> {
      return new Promise((resolve) => {
        waiting.set(key, [...(waiting.get(key) ?? []), resolve])
      })
    },

    callNext,

    leave(keys: string[]): void {
      for (const key of keys) {
        const left = (running.get(key) ?? 1) - 1
        if (left > 0) running.set(key, left)
        else running.delete(key)
        callNext(key)
      }
    },
  }
}
