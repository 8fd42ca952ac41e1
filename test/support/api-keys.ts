import type { IssuedApiKey, NewApiKeyRequest } from '../../contracts/api-keys'
import type { TestClient } from './test-client'

/** A script that shows an API key, and what its owner was told about it. */
export interface Script extends IssuedApiKey {
  id: string
  client: TestClient
}

/** Has a person make an API key; answers a client that uses it. */
export async function makeKey(owner: TestClient, changes: Partial<NewApiKeyRequest> = {}): Promise<Script> {
  const reply = await owner.post('/api/auth/keys', { name: 'a script', scopes: ['account:read'], ...changes })
  if (reply.status !== 201) throw new Error(`no key was made: ${JSON.stringify(reply.body)}`)
  return asScript(owner, reply.body)
}

export async function rotateKey(owner: TestClient, id: string, graceSeconds: number): Promise<Script> {
  const reply = await owner.post(`/api/auth/keys/${id}/rotate`, { grace_seconds: graceSeconds })
  if (reply.status !== 200) throw new Error(`the key was not rotated: ${JSON.stringify(reply.body)}`)
  return asScript(owner, reply.body)
}

const asScript = (owner: TestClient, issued: IssuedApiKey): Script => ({
  ...issued,
  id: issued.api_key.id,
  client: owner.withToken(issued.secret),
})
