import bcrypt from 'bcrypt'
import { expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { startTestServer } from '../../support/start-test-server'

// A hash of this cost takes longer than all the rest of a sign-in, so that one left out cannot hide.
const ROUNDS = 10
const TURNS = 20
// Of two samples of twenty from one distribution, one pair in fifty thousand is further apart (Mann and Whitney 1947).
const FURTHEST = 0.4

/** How often the one takes longer than the other: 0.5 where they are alike, 0 or 1 where one is always the longer. */
function share(ones: number[], others: number[]): number {
  const longer = ones.flatMap((one) => others.map((other): number => (one > other ? 1 : one < other ? 0 : 0.5)))
  return longer.reduce((sum, value) => sum + value, 0) / longer.length
}

test('a refused sign-in takes as long where there is no account, and where the stored hash is a cheap one', {
  timeout: 60_000,
}, async () => {
  const server = await startTestServer({ config: { bcryptRounds: ROUNDS } })
  const { change } = await openBeside(server)
  // Two accounts of a kind, because after ten failures in a row an account has to wait.
  const known = async () => (await server.signUp()).account.email
  const kinds: Record<string, string[]> = {
    'not there': ['nobody@example.com', 'nobody.else@example.com'],
    known: [await known(), await known()],
    'known, with a cheap hash': [await known(), await known()],
  }
  const hash = bcrypt.hashSync('an old password', 4)
  for (const email of kinds['known, with a cheap hash'] ?? [])
    await change('UPDATE users SET hashed_password = :hash WHERE email = :email', { hash, email })

  const names = Object.keys(kinds)
  const times = Object.fromEntries(names.map((name): [string, number[]] => [name, []]))
  for (let turn = 0; turn < TURNS; turn += 1)
    for (let nth = 0; nth < names.length; nth += 1) {
      const name = names[(turn + nth) % names.length] as string
      const begun = performance.now()
      const { body } = await server.client.post('/api/auth/login', {
        email: kinds[name]?.[turn % 2],
        password: 'a wrong password',
      })
      times[name]?.push(performance.now() - begun)
      expect(body.code).toBe('invalid_credentials')
    }

  for (const name of names)
    expect(Math.abs(share(times[name] ?? [], times['not there'] ?? []) - 0.5), name).toBeLessThan(FURTHEST)
})
