import { describe, expect, test } from 'vitest'
import { findTotpStep } from '../../../../server/auth/factors/totp'
import { appCode, toBase32, totpOf } from '../../../support/totp'

// RFC 6238, appendix B: the test secret, times in seconds, and codes of eight digits for SHA-1.
const SECRET = Buffer.from('12345678901234567890')
const VECTORS = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
] as const

describe.each(VECTORS)('the vector of RFC 6238 at %i s', (seconds, code) => {
  const step = Math.floor(seconds / 30)
  const sixDigits = code.slice(-6)

  test('is what the tests compute', () => {
    expect(totpOf(SECRET, step, 8)).toBe(code)
    expect(appCode(toBase32(SECRET), seconds * 1000)).toBe(sixDigits)
  })

  test('is what the server takes, one step early or late as well, and no more', async () => {
    const stepAt = (offset: number) => findTotpStep(toBase32(SECRET), sixDigits, (seconds + offset) * 1000)

    expect(await Promise.all([stepAt(0), stepAt(-30), stepAt(30)])).toEqual([step, step, step])
    expect(await stepAt(60)).toBeUndefined()
    if (seconds >= 60) expect(await stepAt(-60)).toBeUndefined()
  })
})
