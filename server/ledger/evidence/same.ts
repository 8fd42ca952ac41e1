const NOISE = 1e-12

/** Figures survive JSON to the bit; another processor may differ in the last digits of a logarithm. */
export function isClose(one: number | null, other: number | null, noise = NOISE): boolean {
  if (one === null || other === null) return one === other
  return one === other || Math.abs(one - other) <= noise * Math.max(1, Math.abs(one))
}

/** Whether two values of JSON say the same, numbers up to the noise of another processor. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number') return isClose(one, other)
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [first, second] = [new Map(Object.entries(one)), new Map(Object.entries(other))]
  return first.size === second.size && [...first].every(([name, value]) => isSame(value, second.get(name)))
}
