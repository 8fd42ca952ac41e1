import type { Transaction } from 'sequelize'
import type { RegisterRequest } from '../../contracts/auth'
import type { AuthSettings, FirstAdministratorRequest, InvitationOffer } from '../../contracts/registration'
import { DEFAULT_ROLE } from '../../contracts/scopes'
import { type Actor, anonymous } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { AppError } from '../errors'
import type { AuthService, SignIn } from './auth.service'
import type { AuthEvents } from './auth-events'
import type { Invitations } from './invitations'
import type { NewPasswordRules } from './new-password-rules'
import type { Caller } from './sessions'
import { isSetupCode } from './setup-code'
import type { VerifiedUser } from './user-rows'
import type { UsersService } from './users.service'

export interface RegistrationDependencies {
  database: Database
  users: UsersService
  invitations: Invitations
  openSession: AuthService['openSession']
  events: AuthEvents
  audit: Audit
  newPasswords: NewPasswordRules
  sendVerification(userId: string): void
  settings: Omit<AuthSettings, 'first_run' | 'second_factor_required'>
  isSecondFactorRequired(): boolean
  setupCode: string
}

export type RegistrationService = ReturnType<typeof createRegistrationService>

/** How people come to have an account: the first one by the setup code, others as the setting says. */
export function createRegistrationService({
  database,
  users,
  invitations,
  openSession,
  events,
  audit,
  newPasswords,
  sendVerification,
  settings,
  isSecondFactorRequired,
  setupCode,
}: RegistrationDependencies) {
  const { User } = database.models
  const { registration: mode } = settings

  async function hasNobody(transaction?: Transaction): Promise<boolean> {
    return (await User.findOne({ attributes: ['id'], ...(transaction && { transaction }) })) === null
  }

  /** Nobody else registers from here to the end of the transaction. SQLite's transactions take turns anyway. */
  async function keepOthersOut(transaction: Transaction): Promise<void> {
    if (database.dialect === 'postgres')
      await database.sequelize.query('LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE', { transaction })
  }

  return {
    async settings(): Promise<AuthSettings> {
      return { first_run: await hasNobody(), second_factor_required: isSecondFactorRequired(), ...settings }
    },

    /** The code that makes the first administrator; `null` when somebody has an account. */
    async setupCode(): Promise<string | null> {
      return (await hasNobody()) ? setupCode : null
    },

    /** @throws {AppError} `registration_closed`, or `invitation_invalid` */
    async lookAtInvitation(token: string): Promise<InvitationOffer> {
      if (mode === 'closed') throw registrationClosed()
      return invitations.look(token)
    },

    /**
     * Makes an account, never an administrator's unless an administrator's invitation says so.
     *
     * @throws {ValidationError} the password is too short, or one of those guessed first
     * @throws {AppError} `registration_closed`, `invitation_required`, `invitation_invalid` or `email_taken`
     */
    async register({ invitation, ...person }: RegisterRequest, caller: Caller, signal?: AbortSignal): Promise<SignIn> {
      if (mode === 'closed') throw registrationClosed()
      if (invitation === undefined && mode === 'invitation') throw invitationRequired()
      // Before anything that says whether an address is taken.
      const offer = invitation === undefined ? undefined : await invitations.look(invitation)
      await newPasswords.check('password', person.password, person)
      const alongside = async ({ user, role }: VerifiedUser, transaction: Transaction) => {
        if (invitation !== undefined) await invitations.accept(invitation, user, madeBy(user.id, caller), transaction)
        events.registered(user.id, caller, transaction)
        transaction.afterCommit(() => sendVerification(user.id))
        return openSession(user, role, caller, transaction)
      }
      try {
        return await users.createWith({ ...person, role: offer?.role ?? DEFAULT_ROLE }, alongside, { signal })
      } catch (error) {
        if (error instanceof AppError && error.code === 'email_taken') events.registrationRefused(person.email, caller)
        throw error
      }
    },

    /**
     * Makes the first administrator, for whoever was shown the setup code. Of two at once, one is the first.
     *
     * @throws {ValidationError} the password is too short, or one of those guessed first
     * @throws {AppError} `already_set_up`, or `wrong_setup_code`
     */
    async createFirstAdministrator(
      { setup_code: typed, ...person }: FirstAdministratorRequest,
      caller: Caller,
      signal?: AbortSignal,
    ): Promise<SignIn> {
      if (!(await hasNobody())) throw alreadySetUp()
      if (!isSetupCode(typed, setupCode)) {
        const refused = { action: 'setup.refused', by: anonymous(caller), outcome: 'failure' } as const
        audit.recordFailure({ alike: 'setup' }, async () => refused)
        throw wrongSetupCode()
      }
      await newPasswords.check('password', person.password, person)
      return users.createWith(
        { ...person, role: 'admin' },
        ({ user, role }, transaction) => {
          events.registered(user.id, caller, transaction)
          transaction.afterCommit(() => sendVerification(user.id))
          const target = { type: 'user', id: user.id } as const
          audit.record({ action: 'setup.completed', by: madeBy(user.id, caller), target }, transaction)
          return openSession(user, role, caller, transaction)
        },
        {
          signal,
          async before(transaction) {
            await keepOthersOut(transaction)
            if (!(await hasNobody(transaction))) throw alreadySetUp()
          },
        },
      )
    },
  }
}

const madeBy = (userId: string, caller: Caller): Actor => ({ ...anonymous(caller), userId })

const registrationClosed = () =>
  new AppError('registration_closed', 403, 'This server takes no new accounts: ask an administrator for one.')

const invitationRequired = () =>
  new AppError(
    'invitation_required',
    403,
    'This server takes new accounts by invitation only: ask an administrator for a link.',
  )

const alreadySetUp = () =>
  new AppError(
    'already_set_up',
    409,
    'This Aurelius has accounts already: sign in, or make one of them an administrator on its machine with “aurelius users promote”.',
  )

const wrongSetupCode = () =>
  new AppError('wrong_setup_code', 403, 'The setup code is not right: it is shown where this Aurelius was started.')
