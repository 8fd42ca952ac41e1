import { expect } from 'vitest'

/** Equal to 1e-9 of the expected number, or both undefined. */
export function expectClose(actual: number | null, expected: number | null, name: string, relative = 1e-9): void {
  const isClose =
    actual === null || expected === null
      ? actual === expected
      : Math.abs(actual - expected) <= relative * Math.abs(expected)
  expect(isClose ? expected : actual, name).toBe(expected)
}
