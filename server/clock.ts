/**
 * How far the clocks of two nodes may differ, and so how far ahead a time may lie that is believed. What is dated further
 * ahead was written by a clock that has been put back since.
 */
export const CLOCK_TOLERANCE_MS = 60_000
