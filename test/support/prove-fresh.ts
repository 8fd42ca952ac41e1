import type { TestClient } from './test-client'

/** Proves once more who is there; answers a client with the token that the proof counts for. */
export async function proveFresh(
  client: TestClient,
  proof: { code: string | undefined } | { password: string } = { password: client.account.password },
): Promise<TestClient> {
  const { status, body } = await client.post('/api/auth/step-up', proof)
  if (status !== 200) throw new Error(`The proof was refused: ${JSON.stringify(body)}`)
  return client.withToken(body.access_token)
}
