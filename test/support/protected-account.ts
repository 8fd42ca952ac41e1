import type { Reply, TestClient } from './test-client'
import { appCode } from './totp'

/** An account with an authenticator app, and the app. */
export interface Protected {
  client: TestClient // signed in before the app was set up
  email: string
  secret: string
  recoveryCodes: string[]
  /** What the app shows, so many steps from now. */
  code(steps?: number): string
  /** The first step of a sign-in. */
  password(): Promise<Reply>
  /** What the first step answers for the second. */
  challenge(): Promise<string>
  secondStep(challenge: string, code: string): Promise<Reply>
  /** Both steps. */
  signIn(code?: string): Promise<Reply>
  /** The same account on another server. */
  at(origin: string): Protected
}

/** Sets up an authenticator app for somebody who is signed in. */
export async function enrolled(client: TestClient, now: () => number): Promise<Protected> {
  const begun = await client.post('/api/auth/factors/totp')
  const { secret } = begun.body
  const confirmed = await client.post('/api/auth/factors/totp/confirm', { code: appCode(secret, now()) })
  if (confirmed.status !== 200) throw new Error(`No app was set up: ${JSON.stringify([begun.body, confirmed.body])}`)
  return withApp(client, secret, confirmed.body.recovery_codes, now)
}

function withApp(client: TestClient, secret: string, recoveryCodes: string[], now: () => number): Protected {
  const { email, password } = client.account
  const self: Protected = {
    client,
    email,
    secret,
    recoveryCodes,
    code: (steps = 0) => appCode(secret, now(), steps),
    password: () => client.post('/api/auth/login', { email, password }),
    challenge: async () => (await self.password()).body.second_factor.challenge,
    secondStep: (challenge, code) => client.post('/api/auth/login/second-factor', { challenge, code }),
    signIn: async (code = self.code()) => self.secondStep(await self.challenge(), code),
    at: (origin) => withApp(client.at(origin), secret, recoveryCodes, now),
  }
  return self
}
