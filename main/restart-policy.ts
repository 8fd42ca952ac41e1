const WINDOW_MS = 60_000
const FIRST_DELAY_MS = 250
const MAX_RESTARTS = 5

/** The times of death that still count: those within the last minute. */
export function recentDeaths(times: number[], now: number): number[] {
  return times.filter((time) => now - time < WINDOW_MS)
}

/**
 * How long to wait before starting the server again: 0.25 s, doubled with each recent death.
 *
 * @returns milliseconds, or `null` when it died too often to go on
 */
export function restartDelay(deaths: number): number | null {
  return deaths > MAX_RESTARTS ? null : FIRST_DELAY_MS * 2 ** (deaths - 1)
}
