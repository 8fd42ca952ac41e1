import type { TokenReply, User } from '../../contracts/auth'
import { type Api, ApiError, isRefused, UnreachableError, wantsSecondFactor } from '../api'
import type { SessionHint } from './session-hint'

const EXPIRED_NOTICE = 'Your session has expired. Sign in again.'
const ENDED_ELSEWHERE_NOTICE = 'This session ended in another tab.'
const NOT_TOLD_NOTICE =
  'You are signed out here, but the server could not be told: the session ends there when it expires.'

export interface SignedIn {
  status: 'signed-in'
  token: string // the access token; it is nowhere but in this memory
  user: User
  renewAt: number // milliseconds since 1970
}

export type Session =
  | { status: 'restoring'; error: Error | null }
  | { status: 'signed-out'; notice: string | null; isReturning: boolean; email: string }
  | SignedIn

/** Before the access token expires; half of its life where that is shorter. */
const RENEW_EARLY_SECONDS = 60
/** A suspended laptop stops timers, so the clock is read again at least this often. */
const LONGEST_WAIT_MS = 30_000
const RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000]

/** The one place that knows who is signed in. Framework-free; React reads it through `useSession`. */
export function createSession(
  api: Api,
  hint: SessionHint,
  onFailure: (error: unknown) => void,
  askForProof: () => Promise<boolean>,
) {
  let session: Session = { status: 'restoring', error: null }
  let renewing: Promise<void> | undefined
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()

  function become(next: Session) {
    session = next
    for (const listener of listeners) listener()
  }

  function wakeIn(delayMs: number) {
    clearTimeout(timer)
    timer = setTimeout(wake, Math.min(delayMs, LONGEST_WAIT_MS))
  }

  function enter({ access_token: token, expires_in, user }: TokenReply) {
    const renewInMs = Math.max(expires_in - RENEW_EARLY_SECONDS, expires_in / 2) * 1000
    failures = 0
    hint.set()
    become({ status: 'signed-in', token, user, renewAt: Date.now() + renewInMs })
    wakeIn(renewInMs)
  }

  function leave(notice: string | null, isReturning: boolean) {
    const email = isReturning && session.status === 'signed-in' ? session.user.email : ''
    clearTimeout(timer)
    hint.clear()
    become({ status: 'signed-out', notice, isReturning, email })
  }

  /** Looks whether the session is due: on a timer, after sleep, and when the server is back. */
  function wake() {
    const dueInMs = session.status === 'signed-in' ? session.renewAt - Date.now() : 0
    if (session.status === 'signed-out') return
    if (dueInMs > 0) wakeIn(dueInMs)
    else renew().catch(() => undefined) // who it concerns was told: see `refresh`
  }

  /** One question to the server at a time, whoever asks. */
  function renew(): Promise<void> {
    renewing ??= refresh().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  async function refresh(): Promise<void> {
    const before = session
    try {
      const reply = await api.refresh()
      if (session === before) enter(reply)
    } catch (error) {
      if (session === before) fail(error as Error)
      throw error
    }
  }

  /** Only a refusal ends a session; whatever else went wrong, the person stays and the question is asked again. */
  function fail(error: Error) {
    if (session.status === 'signed-out') return
    if (isRefused(error)) return leave(hint.isSet() ? EXPIRED_NOTICE : null, true)
    onFailure(error)
    if (session.status === 'restoring') become({ status: 'restoring', error })
    if (error instanceof UnreachableError) return // asked again when the connection is back
    wakeIn(RETRY_DELAYS_MS[failures++] ?? LONGEST_WAIT_MS)
  }

  /** Sends a request with the access token; once more where the person had to prove first that they are there. */
  async function call<T>(send: (token: string) => Promise<T>): Promise<T> {
    try {
      return await callOnce(send)
    } catch (error) {
      const isStale = error instanceof ApiError && error.code === 'fresh_proof_required'
      if (!isStale || !(await askForProof())) throw error
      return callOnce(send)
    }
  }

  /** Where the server refuses the access token, or it says too little of the account by now, once more with a new one. */
  async function callOnce<T>(send: (token: string) => Promise<T>): Promise<T> {
    const before = session
    if (before.status !== 'signed-in') throw new Error('Nobody is signed in.')
    try {
      return await send(before.token)
    } catch (error) {
      if (!isRefused(error) && !wantsSecondFactor(error)) throw error
      if (session === before) await renew()
      // Another tab may have signed somebody else in: what one person asked for is not done as another.
      if (session.status !== 'signed-in' || session.user.id !== before.user.id) throw error
      return send(session.token)
    }
  }

  /** Sends a proof of who is there. It counts for the token that comes back; what renews the session is replaced as well. */
  async function prove(send: (token: string) => Promise<TokenReply>): Promise<void> {
    enter(await callOnce(send))
    renew().catch(() => undefined) // as on any other wake
  }

  async function tellServer() {
    if (session.status === 'signed-in') await callOnce(api.logout)
  }

  hint.onChangeElsewhere((isSet) => {
    if (!isSet && session.status === 'signed-in') leave(ENDED_ELSEWHERE_NOTICE, false)
    if (isSet && session.status === 'signed-out') renew().catch(onFailure)
  })

  return {
    wake,
    call,
    callOnce,
    begin: enter,
    prove,
    get: () => session,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Called once, when the page was loaded. */
    restore() {
      if (hint.isSet()) return wake()
      become({ status: 'signed-out', notice: null, isReturning: true, email: '' })
      if (hint.mayHaveSession()) renew().catch(onFailure)
    },

    /** Leaves a session that the server has ended already, for a reason that its owner knows. */
    forget: (notice: string) => leave(notice, false),

    /** Signs out here in any case; says so when the server could not be told. */
    async end(): Promise<void> {
      if (session.status !== 'signed-in') return
      // First of all what is due: later there is no cookie to renew by, and what is under way would bring it back.
      await (session.renewAt <= Date.now() ? renew() : renewing)?.catch(() => undefined)
      const notice = await tellServer().then(
        () => null,
        (error: unknown) => (isRefused(error) ? null : NOT_TOLD_NOTICE),
      )
      leave(notice, false)
    },
  }
}
