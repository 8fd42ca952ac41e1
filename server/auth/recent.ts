/**
 * A bounded memory for what was used lately: when the younger half is full, the older half is forgotten. A Map that
 * drops its oldest entry one at a time gets slow, because it skips over all that were dropped before.
 *
 * @param most how many entries are kept at most
 */
export function createRecent<Value>(most: number) {
  const half = Math.floor(most / 2)
  let younger = new Map<string, Value>()
  let older = new Map<string, Value>()

  function set(key: string, value: Value): void {
    if (younger.size >= half) {
      older = younger
      younger = new Map()
    }
    younger.set(key, value)
  }

  return {
    set,
    get(key: string): Value | undefined {
      const value = younger.get(key)
      if (value !== undefined) return value
      const aged = older.get(key)
      if (aged !== undefined) set(key, aged)
      return aged
    },
    delete(key: string): void {
      younger.delete(key)
      older.delete(key)
    },
    deleteWhere(isMeant: (value: Value) => boolean): void {
      for (const part of [younger, older]) for (const [key, value] of part) if (isMeant(value)) part.delete(key)
    },
    clear(): void {
      younger.clear()
      older.clear()
    },
  }
}
