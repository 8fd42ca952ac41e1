const KEY = 'aurelius-last-seen'

/**
 * Up to which event each person has looked, in this browser: a number that is worth nothing to anybody else. Where
 * nothing can be kept, nothing is marked as new.
 */
export function readLastSeen(userId: string): number | null {
  const found = readAll()[userId]
  return typeof found === 'number' ? found : null
}

export function writeLastSeen(userId: string, eventId: number): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readAll(), [userId]: eventId }))
  } catch {
    return // a browser may be told to keep nothing
  }
}

function readAll(): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return typeof kept === 'object' && kept !== null ? { ...kept } : {}
  } catch {
    return {}
  }
}
