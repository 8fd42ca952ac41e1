import { z } from 'zod'

/**
 * The socket at `/ws`. It takes its access token from the first message, or, where a client can set no message before the
 * handshake is answered, from a subprotocol; never from its address. A client offers `aurelius.v1` and may offer
 * `aurelius.bearer.<token>` beside it; only the former is ever answered.
 */
export const REALTIME_PATH = '/ws'
export const REALTIME_PROTOCOL = 'aurelius.v1'
export const REALTIME_BEARER_PROTOCOL = 'aurelius.bearer.'

export const REALTIME_LIMITS = {
  messageBytes: 16 * 1024,
  messagesInBurst: 20,
  messagesPerSecond: 2, // once the burst is used up
  connectionsPerUser: 20,
  connections: 1_000,
  connectionsWithoutCredential: 64,
  secondsToAuthenticate: 5,
  secondsBetweenPings: 30,
} as const

/** Why the server closed: codes of our own (RFC 6455 section 7.4.2) and those registered for all. */
export const REALTIME_CLOSE = {
  goingAway: 1001, // the server stops: connect again in a moment
  tooLarge: 1009, // a message of more than 16 KiB
  tryAgainLater: 1013, // the server does not know whether the session still counts: connect again in a moment
  invalidMessage: 4400, // not JSON, not one of the messages below, or binary
  notAuthenticated: 4401, // the access token does not count: renew it, then connect again
  otherAccount: 4403, // a later access token was somebody else's
  authenticationTimeout: 4408, // no access token within five seconds
  sessionEnded: 4410, // signed out or revoked: sign in again
  tokenExpired: 4419, // no new access token came before the old one expired: renew it, then connect again
  tooManyMessages: 4429,
  tooManyConnections: 4430, // of this account
} as const

/** What a client sends: its access token at first, and each new one before the last expires. */
export const realtimeRequest = z.strictObject({
  type: z.literal('authenticate'),
  token: z.string().min(1).max(8_192),
})
export type RealtimeRequest = z.infer<typeof realtimeRequest>

/** What the server sends: the answer to each access token that counts. */
export const realtimeMessage = z.strictObject({
  type: z.literal('authenticated'),
  user_id: z.string(),
  expires_at: z.iso.datetime(), // send the next access token before then
})
export type RealtimeMessage = z.infer<typeof realtimeMessage>
