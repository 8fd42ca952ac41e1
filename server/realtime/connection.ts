import type { RawData, WebSocket } from 'ws'
import { REALTIME_CLOSE, REALTIME_LIMITS, type RealtimeMessage, realtimeRequest } from '../../contracts/realtime'
import type { SessionPrincipal } from '../auth/principal'
import { UnauthenticatedError } from '../errors'
import { createAllowance } from './allowance'

const CLOSE_LIMIT_MS = 1_000
const OPEN = 1 // WebSocket.OPEN, without loading the package for it

export interface ConnectionSurroundings {
  /** @throws {AppError} the token does not count */
  check(token: string): Promise<SessionPrincipal>
  /** Whether this account may have one connection more. */
  admit(userId: string): boolean
  /** Milliseconds since 1970, as tokens count them. */
  now(): number
}

export interface Credential {
  token: string
  principal: SessionPrincipal
}

export type Connection = ReturnType<typeof createConnection>

/** One socket: whose it is, until when, and how much it may send. */
export function createConnection(
  socket: WebSocket,
  { check, admit, now }: ConnectionSurroundings,
  shown: Credential | undefined,
) {
  const mayPass = createAllowance(REALTIME_LIMITS.messagesInBurst, REALTIME_LIMITS.messagesPerSecond, () =>
    performance.now(),
  )
  const openedAt = performance.now()
  let credential: Credential | undefined
  let pingedAt = openedAt
  let isAnswered = true

  function close(code: number, reason: string): void {
    if (socket.readyState !== OPEN) return
    socket.close(code, reason)
    // Who does not answer a close keeps nothing open by it.
    setTimeout(() => socket.terminate(), CLOSE_LIMIT_MS).unref()
  }

  function send(message: RealtimeMessage): void {
    if (socket.readyState === OPEN) socket.send(JSON.stringify(message))
  }

  function accept(next: Credential): void {
    const { userId, expiresAt } = next.principal
    if (credential && credential.principal.userId !== userId)
      close(REALTIME_CLOSE.otherAccount, 'This token is of another account.')
    else if (!credential && !admit(userId))
      close(REALTIME_CLOSE.tooManyConnections, 'This account has too many connections.')
    else {
      credential = next
      send({ type: 'authenticated', user_id: userId, expires_at: new Date(expiresAt * 1000).toISOString() })
    }
  }

  function refuse(error: unknown): void {
    if (!(error instanceof UnauthenticatedError)) close(REALTIME_CLOSE.tryAgainLater, 'Connect again in a moment.')
    else if (!credential) close(REALTIME_CLOSE.notAuthenticated, 'This token does not count.')
    else if (credential.principal.expiresAt * 1000 <= now())
      close(REALTIME_CLOSE.tokenExpired, 'The token has expired.')
    else close(REALTIME_CLOSE.sessionEnded, 'This session has ended.')
  }

  async function authenticate(token: string): Promise<void> {
    try {
      const principal = await check(token)
      if (socket.readyState === OPEN) accept({ token, principal })
    } catch (error) {
      const isNew = credential !== undefined && credential.token !== token && error instanceof UnauthenticatedError
      if (isNew) close(REALTIME_CLOSE.notAuthenticated, 'This token does not count.')
      else refuse(error)
    }
  }

  /** Looks again whether what was shown still counts. */
  async function recheck(): Promise<void> {
    if (!credential || socket.readyState !== OPEN) return
    await check(credential.token).catch(refuse)
  }

  function isWithinRate(): boolean {
    if (socket.readyState !== OPEN) return false
    if (mayPass()) return true
    close(REALTIME_CLOSE.tooManyMessages, 'Too many messages.')
    return false
  }

  function heartbeat(): void {
    const time = performance.now()
    if (socket.readyState !== OPEN || time - pingedAt < REALTIME_LIMITS.secondsBetweenPings * 1000) return
    if (isAnswered) {
      isAnswered = false
      pingedAt = time
      socket.ping()
    } else socket.terminate()
  }

  socket.on('message', (data, isBinary) => {
    if (!isWithinRate()) return
    const request = isBinary ? undefined : read(data)
    if (request) authenticate(request.token)
    else close(REALTIME_CLOSE.invalidMessage, 'This message was not understood.')
  })
  socket.on('ping', isWithinRate)
  socket.on('pong', () => {
    if (isWithinRate()) isAnswered = true
  })
  // The package closes by itself, with 1009 or what else fits, after a frame it does not take.
  socket.on('error', () => setTimeout(() => socket.terminate(), CLOSE_LIMIT_MS).unref())
  if (shown) accept(shown)

  return {
    close,
    recheck,
    userId: () => credential?.principal.userId,
    /** To be called every second. */
    tick(): void {
      if (socket.readyState !== OPEN) return
      const isLate = performance.now() - openedAt >= REALTIME_LIMITS.secondsToAuthenticate * 1000
      if (!credential && isLate) close(REALTIME_CLOSE.authenticationTimeout, 'No token came in time.')
      heartbeat()
      recheck()
    },
  }
}

function read(data: RawData) {
  try {
    return realtimeRequest.safeParse(JSON.parse(data.toString())).data
  } catch {
    return undefined
  }
}
