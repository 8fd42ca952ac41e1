import type { Transaction } from 'sequelize'
import type { TokenReply } from '../../../contracts/auth'
import type { ProofMethod, StepUp, StepUpRequest } from '../../../contracts/factors'
import type { PasskeyOptions, PasskeyRequest } from '../../../contracts/passkeys'
import { CLOCK_TOLERANCE_MS } from '../../clock'
import type { Database } from '../../db/database'
import { AppError } from '../../errors'
import type { Principal, SessionPrincipal } from '../principal'
import { sessionEnded, wrongCode, wrongPasskey } from '../refusals'
import type { Sessions } from '../sessions'
import type { UsersDependencies, UsersService } from '../users.service'
import type { Challenges } from './challenges'
import type { FactorEvents } from './factor-events'
import { noneHere } from './passkey-sign-in'
import type { Passkeys } from './passkeys'
import type { SecondFactor } from './second-factor'
import { challengeIn, type RelyingParty, requestOptions } from './webauthn'

const FRESH_MS = 5 * 60_000

export interface ProofsDependencies {
  database: Database
  users: UsersService
  sessions: Sessions
  secondFactor: SecondFactor
  challenges: Challenges
  passkeys: Passkeys
  events: FactorEvents
  announce: UsersDependencies['announce']
  /** Makes the next token of a session. */
  reissue(principal: SessionPrincipal, transaction: Transaction): Promise<TokenReply>
  now(): number
}

export type Proofs = ReturnType<typeof createProofs>

/**
 * Whether the person behind a session is still there. A sign-in shows it for five minutes, and so does a proof given
 * once more; what changes how an account is protected asks for one of the two.
 */
export function createProofs({
  database,
  users,
  sessions,
  secondFactor,
  challenges,
  passkeys,
  events,
  announce,
  reissue,
  now,
}: ProofsDependencies) {
  const { Session } = database.models

  /** Milliseconds since 1970; 0 where the session has no row any more, a proof dated ahead, or one after this token. */
  async function freshUntil({ sessionId, issuedAt }: SessionPrincipal): Promise<number> {
    const row = await Session.findByPk(sessionId, { attributes: ['provedAt', 'createdAt'] })
    const provedAt = (row?.provedAt ?? row?.createdAt)?.getTime()
    if (provedAt === undefined || provedAt > now() + CLOCK_TOLERANCE_MS) return 0
    return issuedAt >= Math.floor(provedAt / 1000) ? provedAt + FRESH_MS : 0
  }

  /** @throws {AppError} `fresh_proof_required` when the last proof is older than five minutes */
  async function requireFresh(principal: Principal): Promise<void> {
    if (principal.kind !== 'session' || (await freshUntil(principal)) <= now()) throw freshProofRequired()
  }

  /** Notes a proof with the session, whose next token it counts for. The one it came with may have been copied: it ends. */
  async function accept(
    principal: SessionPrincipal,
    method: ProofMethod,
    transaction: Transaction,
  ): Promise<TokenReply> {
    if (!(await sessions.markProved(principal.sessionId, transaction))) throw sessionEnded()
    const ended = await sessions.endToken(principal.tokenId, transaction)
    await announce({ userId: principal.userId, ...ended }, transaction)
    events.proved(principal, method, transaction)
    return reissue(principal, transaction)
  }

  async function methodsOf(userId: string): Promise<ProofMethod[]> {
    const methods = await secondFactor.methodsOf(userId)
    return methods.length > 0 ? methods : ['password']
  }

  return {
    requireFresh,

    /** @throws {AppError} `fresh_proof_required` where the account has a second factor; elsewhere its password will do */
    async requireFreshIfProtected(principal: Principal): Promise<void> {
      if ((await secondFactor.methodsOf(principal.userId)).length > 0) await requireFresh(principal)
    },

    /** How the person can prove to be there, and until when that is not asked for. */
    async look(principal: SessionPrincipal): Promise<StepUp> {
      const until = await freshUntil(principal)
      return {
        methods: await methodsOf(principal.userId),
        fresh_until: until > now() ? new Date(until).toISOString() : null,
      }
    },

    /**
     * Takes a proof, and gives the token it counts for. Where there is a second factor it is what counts: a password may have been read or guessed.
     *
     * @throws {AppError} `wrong_password`, `wrong_code`, or `fresh_proof_required` for a password where a code is wanted
     */
    async prove(
      principal: SessionPrincipal,
      { password, code }: StepUpRequest,
      signal?: AbortSignal,
    ): Promise<TokenReply> {
      const { userId } = principal
      const isProtected = !(await methodsOf(userId)).includes('password')
      if (isProtected && code === undefined) throw codeWanted()
      if (!isProtected && password === undefined) throw wrongCode()
      if (password !== undefined && !(await users.verifyPassword(userId, password, signal))) {
        events.proofRefused(principal, 'wrong_password')
        throw wrongPassword()
      }
      const reply = await database.write(async (transaction) => {
        // Before the row of the session, in the order of a sign-in.
        const method = code === undefined ? 'password' : await secondFactor.spendCode(userId, code, transaction)
        return method && accept(principal, method, transaction)
      })
      if (reply) return reply
      events.proofRefused(principal, 'wrong_code')
      throw wrongCode()
    },

    /** What the page asks an authenticator to sign. @throws {AppError} `passkeys_unavailable` */
    async passkeyOptions({ userId, sessionId }: SessionPrincipal, site: RelyingParty): Promise<PasskeyOptions> {
      const known = await passkeys.ofUserAt(userId, site)
      if (known.length === 0) throw noneHere(site)
      const challenge = await database.write((transaction) =>
        challenges.issue({ purpose: 'step-up', userId, sessionId }, transaction),
      )
      return { options: { ...(await requestOptions(site, challenge, known)) } }
    },

    /** Takes a passkey as proof, and gives the token it counts for. @throws {AppError} `wrong_passkey` */
    async provePasskey(
      principal: SessionPrincipal,
      site: RelyingParty,
      { credential }: PasskeyRequest,
    ): Promise<TokenReply> {
      const { userId, sessionId } = principal
      const challenge = challengeIn(credential)
      const reply = await database.write(async (transaction) => {
        const row = await challenges.find(challenge, 'step-up', transaction)
        if (row?.userId !== userId || row.sessionId !== sessionId) return undefined
        if (!(await passkeys.use(site, challenge, credential, userId, transaction))) return undefined
        await challenges.spend(row, transaction)
        return accept(principal, 'passkey', transaction)
      })
      if (reply) return reply
      events.proofRefused(principal, 'wrong_passkey')
      throw wrongPasskey()
    },
  }
}

const freshProofRequired = () =>
  new AppError(
    'fresh_proof_required',
    403,
    'Confirm that it is you: this takes a proof that is at most five minutes old.',
  )

const codeWanted = () =>
  new AppError('fresh_proof_required', 403, 'Your account has a second factor: confirm with its code.')

const wrongPassword = () => new AppError('wrong_password', 400, 'The password is not right.')
