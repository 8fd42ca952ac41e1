import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import {
  REALTIME_CLOSE,
  REALTIME_LIMITS,
  type RealtimeMessage,
  type RealtimeRequest,
  type RealtimeStream,
  realtimeRequest,
} from '../../contracts/realtime'
import type { Principal } from '../auth/principal'
import { AppError, UnauthenticatedError } from '../errors'
import { createAllowance } from './allowance'

const CLOSE_LIMIT_MS = 1_000
const OPEN = 1 // WebSocket.OPEN, without loading the package for it

export interface ConnectionSurroundings {
  /** @throws {AppError} the credential does not count, or its owner must set up a second factor first */
  check(credential: string): Promise<Principal>
  /** Whether this account may have one connection more. */
  admit(userId: string): boolean
  /** Begins to deliver a stream, after an id or from now on. */
  follow(connection: Connection, stream: RealtimeStream, after: number | undefined): Promise<void>
  /** Milliseconds since 1970, as tokens count them. */
  now(): number
}

export interface Credential {
  text: string
  principal: Principal
}

export type Connection = ReturnType<typeof createConnection>

/**
 * One socket: whose it is, until when, and how much it may send.
 *
 * @param wire what the socket writes to
 */
export function createConnection(
  socket: WebSocket,
  wire: Duplex,
  { check, admit, follow, now }: ConnectionSurroundings,
  shown: Credential | undefined,
) {
  const mayPass = createAllowance(REALTIME_LIMITS.messagesInBurst, REALTIME_LIMITS.messagesPerSecond, () =>
    performance.now(),
  )
  const openedAt = performance.now()
  let credential: Credential | undefined
  let pingedAt = openedAt
  let isAnswered = true
  let answering = Promise.resolve() // one request after the other, as they came

  function close(code: number, reason: string): void {
    if (socket.readyState !== OPEN) return
    socket.close(code, reason)
    // Who does not answer a close keeps nothing open by it.
    setTimeout(() => socket.terminate(), CLOSE_LIMIT_MS).unref()
  }

  function tell(message: RealtimeMessage): void {
    if (socket.readyState === OPEN) socket.send(JSON.stringify(message))
  }

  /**
   * Sends a frame that was made for many, past the package: nothing is compressed, so it keeps no frames back, and all
   * come out in the order in which they were sent. Who does not read is let go, and can go on from the last id they have.
   */
  function send(frame: Buffer, onSent?: () => void): void {
    const isOpen = socket.readyState === OPEN
    const isRead = socket.bufferedAmount <= REALTIME_LIMITS.unreadBytes
    if (isOpen && isRead) wire.write(frame, onSent)
    else {
      if (isOpen) close(REALTIME_CLOSE.tooSlow, 'Too much waits to be read.')
      onSent?.()
    }
  }

  function accept(next: Credential): void {
    const { principal } = next
    const { userId } = principal
    if (credential && credential.principal.userId !== userId)
      close(REALTIME_CLOSE.otherAccount, 'This token is of another account.')
    else if (!credential && !admit(userId))
      close(REALTIME_CLOSE.tooManyConnections, 'This account has too many connections.')
    else {
      credential = next
      tell({
        type: 'authenticated',
        user_id: userId,
        session_id: principal.kind === 'session' ? principal.sessionId : null,
        expires_at: principal.kind === 'session' ? new Date(principal.expiresAt * 1000).toISOString() : null,
      })
    }
  }

  function refuse(error: unknown): void {
    const isExpired = credential?.principal.kind === 'session' && credential.principal.expiresAt * 1000 <= now()
    if (error instanceof AppError && error.code === 'second_factor_enrolment_required')
      close(REALTIME_CLOSE.mustEnrol, 'Set up a second factor first.')
    else if (!(error instanceof UnauthenticatedError)) tryAgain()
    else if (!credential) close(REALTIME_CLOSE.notAuthenticated, 'This token does not count.')
    else if (isExpired) close(REALTIME_CLOSE.tokenExpired, 'The token has expired.')
    else close(REALTIME_CLOSE.sessionEnded, 'This session has ended.')
  }

  function tryAgain(): void {
    close(REALTIME_CLOSE.tryAgainLater, 'Connect again in a moment.')
  }

  async function authenticate(text: string): Promise<void> {
    try {
      const principal = await check(text)
      if (socket.readyState === OPEN) accept({ text, principal })
    } catch (error) {
      const isNew = credential !== undefined && credential.text !== text && error instanceof UnauthenticatedError
      if (isNew) close(REALTIME_CLOSE.notAuthenticated, 'This token does not count.')
      else refuse(error)
    }
  }

  /** Looks again whether what was shown still counts, and for what. */
  async function recheck(): Promise<void> {
    const shown = credential
    if (!shown || socket.readyState !== OPEN) return
    try {
      shown.principal = await check(shown.text)
    } catch (error) {
      if (credential === shown) refuse(error)
    }
  }

  async function answer(request: RealtimeRequest): Promise<void> {
    if (request.type === 'authenticate') await authenticate(request.token)
    else if (!credential) close(REALTIME_CLOSE.notAuthenticated, 'Show an access token first.')
    // Not waited for: a slow reader must still be able to send the next token.
    else follow(connection, request.stream, request.after).catch(tryAgain)
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
    if (request) answering = answering.then(() => answer(request))
    else close(REALTIME_CLOSE.invalidMessage, 'This message was not understood.')
  })
  socket.on('ping', isWithinRate)
  socket.on('pong', () => {
    if (isWithinRate()) isAnswered = true
  })
  // The package closes by itself, with 1009 or what else fits, after a frame it does not take.
  socket.on('error', () => setTimeout(() => socket.terminate(), CLOSE_LIMIT_MS).unref())
  if (shown) accept(shown)

  const connection = {
    close,
    recheck,
    tell,
    tryAgain,
    userId: () => credential?.principal.userId,
    principal: () => credential?.principal,
    send: (frame: Buffer): void => send(frame),
    /** Resolves when the frame has left this process, or never will. */
    sendAndWait: (frame: Buffer) => new Promise<void>((resolve) => send(frame, () => resolve())),
    refuseStream: () => close(REALTIME_CLOSE.notAllowed, 'This credential does not allow to follow that.'),
    /** To be called every second. */
    tick(): void {
      if (socket.readyState !== OPEN) return
      const isLate = performance.now() - openedAt >= REALTIME_LIMITS.secondsToAuthenticate * 1000
      if (!credential && isLate) close(REALTIME_CLOSE.authenticationTimeout, 'No token came in time.')
      heartbeat()
      recheck()
    },
  }
  return connection
}

function read(data: RawData) {
  try {
    return realtimeRequest.safeParse(JSON.parse(data.toString())).data
  } catch {
    return undefined
  }
}
