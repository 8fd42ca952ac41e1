export interface Room {
  key: string
  /** How many may be in at once, as of the moment it was looked up. */
  room: number
}

/** Counts who left while the rooms were being looked up: what these changed may not be in what was found. */
export interface Look {
  left: Map<string, number>
}

export type Gate = ReturnType<typeof createGate>

/**
 * Lets only so many attempts on a key run at once as may still fail; the others wait for one of these to end. Without
 * it a thousand guesses sent together would all pass before the first of them is known to be wrong.
 */
export function createGate() {
  const running = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>()
  const looks = new Set<Look>()

  function callNext(key: string): void {
    const queue = waiting.get(key)
    const next = queue?.shift()
    if (queue?.length === 0) waiting.delete(key)
    next?.()
  }

  return {
    /** Looks rooms up in such a way that nobody can leave meanwhile unnoticed. */
    async look<T>(findRooms: () => Promise<T>): Promise<Look & { found: T }> {
      const look: Look = { left: new Map() }
      looks.add(look)
      try {
        return { ...look, found: await findRooms() }
      } finally {
        looks.delete(look)
      }
    },

    /** Takes a place at every key, or none at all. @returns the key that has no room */
    enter(rooms: Room[], { left }: Look): string | undefined {
      const full = rooms.find(({ key, room }) => (running.get(key) ?? 0) + (left.get(key) ?? 0) >= room)
      if (full) return full.key
      for (const { key } of rooms) running.set(key, (running.get(key) ?? 0) + 1)
      return undefined
    },

    /** Resolves when a place at a key has become free; whoever does not take it calls the next. */
    turn(key: string): Promise<void> {
      return new Promise((resolve) => {
        const queue = waiting.get(key) ?? []
        queue.push(resolve)
        waiting.set(key, queue)
      })
    },

    callNext,

    leave(keys: string[]): void {
      for (const key of keys) {
        const inside = (running.get(key) ?? 1) - 1
        if (inside > 0) running.set(key, inside)
        else running.delete(key)
        for (const { left } of looks) left.set(key, (left.get(key) ?? 0) + 1)
        callNext(key)
      }
    },
  }
}
