const NOISE = 1e-9
/** Rounding never excuses more than this, of the figure or absolutely: 0 does not stand for 0.4. */
const MOST_ROUNDING = 0.005

/**
 * Whether a figure that somebody else computed agrees with ours: to 1e-9 relative, or to half a unit of the last
 * decimal that it was written with.
 */
export function agrees(ours: number | null, theirs: number): boolean {
  if (ours === null || !Number.isFinite(theirs)) return false
  const rounding = Math.min(0.5 * 10 ** -decimalsOf(theirs), MOST_ROUNDING * Math.max(1, Math.abs(ours)))
  // The last digit of a half may be off in binary.
  return Math.abs(ours - theirs) <= Math.max(rounding * (1 + NOISE), NOISE * Math.abs(ours))
}

/** Digits behind the point of a number as it is printed. */
function decimalsOf(number: number): number {
  const [mantissa = '', exponent = '0'] = String(number).split('e')
  return (mantissa.split('.')[1] ?? '').length - Number(exponent)
}
