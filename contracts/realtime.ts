import { z } from 'zod'
import { accountEvent } from './account-events'
import { ledgerEvent } from './events'

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
  unreadBytes: 4 * 1024 * 1024, // on their way to a client that does not read
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
  notAllowed: 4405, // what was asked for takes a scope that the credential does not have
  sessionEnded: 4410, // signed out or revoked: sign in again
  mustEnrol: 4411, // everybody here must have a second factor: set one up, then connect again
  tokenExpired: 4419, // no new access token came before the old one expired: renew it, then connect again
  tooManyMessages: 4429,
  tooManyConnections: 4430, // of this account
  tooSlow: 4431, // 4 MiB wait to be read: connect again and go on after the last id
} as const

/**
 * What there is to follow: the ledger, for everybody with `ledger:read`, and what happens to the own account, for people
 * who signed in. Each has ids of its own, which increase.
 */
export const realtimeStream = z.enum(['ledger', 'account'])
export type RealtimeStream = z.infer<typeof realtimeStream>

/**
 * What a client sends: its access token or API key at first, and each new token before the last expires; and what it
 * follows, from now on or after the last id it has seen. Following again begins again from there.
 */
export const realtimeRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('authenticate'), token: z.string().min(1).max(8_192) }),
  z.strictObject({
    type: z.literal('follow'),
    stream: realtimeStream,
    after: z.int().nonnegative().optional(),
  }),
])
export type RealtimeRequest = z.infer<typeof realtimeRequest>

/** What the server sends. */
export const realtimeMessage = z.discriminatedUnion('type', [
  /** Answers each credential that counts. */
  z.strictObject({
    type: z.literal('authenticated'),
    user_id: z.string(),
    session_id: z.string().nullable(), // null for an API key
    expires_at: z.iso.datetime().nullable(), // send the next access token before then; null for an API key
  }),
  /** Answers `follow`, before any event. */
  z.strictObject({
    type: z.literal('following'),
    stream: realtimeStream,
    last_id: z.int().nonnegative(), // every event with a higher id follows
    /** `false`: events after the id asked for are not kept any more, so load anew what you show. */
    is_complete: z.boolean(),
  }),
  /** Events that the person may see, in the order of their ids: each once. Go on after the last one. */
  z.discriminatedUnion('stream', [
    z.strictObject({ type: z.literal('events'), stream: z.literal('ledger'), events: z.array(ledgerEvent).min(1) }),
    z.strictObject({ type: z.literal('events'), stream: z.literal('account'), events: z.array(accountEvent).min(1) }),
  ]),
])
export type RealtimeMessage = z.infer<typeof realtimeMessage>
