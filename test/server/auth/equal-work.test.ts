import bcrypt from 'bcrypt'
import { expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { startTestServer } from '../../support/start-test-server'

// The real difference is sixtyfold, so that a slow moment of the machine is not taken for it.
const LOOSE = 5

test('a wrong password costs as much work as an unknown user, also where the stored hash is a cheap one', async () => {
  const server = await startTestServer({ config: { bcryptRounds: 10 } })
  const { account } = await server.signUp()
  const { change } = await openBeside(server)
  await change('UPDATE users SET hashed_password = :cheap', { cheap: bcrypt.hashSync('an old password', 4) })
  const quickest = async (email: string) => {
    const spans: number[] = []
    for (let turn = 0; turn < 4; turn += 1) {
      const begun = performance.now()
      await server.client.post('/api/auth/login', { email, password: 'a wrong password' })
      spans.push(performance.now() - begun)
    }
    return Math.min(...spans)
  }

  expect(await quickest(account.email)).toBeGreaterThan((await quickest('nobody@example.com')) / LOOSE)
})
