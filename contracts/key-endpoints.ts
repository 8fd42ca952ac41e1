import { apiKeyList, issuedApiKey, newApiKey, rotateApiKey } from './api-keys'
import { messageReply } from './auth'

const NOT_SIGNED_IN = 'No access token, or one that is malformed, expired or revoked'
const NO_KEY = 'You have no such API key'
const MOST = 'You have as many API keys as anybody can have'
const FRESH_FOR_WRITE =
  'A scope that changes something wants a proof of the last five minutes (`fresh_proof_required`); or the caller is a key'
const BODY = {
  400: 'The body is not JSON',
  413: 'The body is larger than 1 MiB',
  415: 'The body was not sent as JSON',
  422: 'A field is missing or not valid, another key has the name, or your role does not include a scope; `errors` says which',
}

/** For people alone: a key makes, changes and ends no key. */
const MANAGE = { access: 'bearer', scope: 'account:manage' } as const

/** The part of the API that looks after API keys. */
export const keyEndpoints = {
  apiKeys: {
    ...MANAGE,
    method: 'get',
    path: '/api/auth/keys',
    summary: 'List your API keys',
    reply: apiKeyList,
    failures: { 401: NOT_SIGNED_IN },
  },
  createApiKey: {
    ...MANAGE,
    method: 'post',
    path: '/api/auth/keys',
    summary: 'Make an API key for a script; answers its secret, once',
    body: newApiKey,
    reply: issuedApiKey,
    status: 201,
    failures: { ...BODY, 401: NOT_SIGNED_IN, 403: FRESH_FOR_WRITE, 409: MOST },
  },
  rotateApiKey: {
    ...MANAGE,
    method: 'post',
    path: '/api/auth/keys/:id/rotate',
    summary: 'Give an API key a new secret, shown once, and its whole life anew; the old one works on for the grace',
    body: rotateApiKey,
    reply: issuedApiKey,
    failures: { ...BODY, 401: NOT_SIGNED_IN, 403: FRESH_FOR_WRITE, 404: NO_KEY, 409: MOST },
  },
  endApiKeyGrace: {
    ...MANAGE,
    method: 'delete',
    path: '/api/auth/keys/:id/old-secret',
    summary: 'End the grace of a rotation: the old secret is dead at once',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 404: 'You have no such API key, or its old secret has ended' },
  },
  revokeApiKey: {
    ...MANAGE,
    method: 'delete',
    path: '/api/auth/keys/:id',
    summary: 'Revoke an API key: its secrets are dead at once',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 404: NO_KEY },
  },
} as const
