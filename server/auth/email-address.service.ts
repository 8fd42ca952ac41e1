import { randomUUID } from 'node:crypto'
import { type Transaction, UniqueConstraintError } from 'sequelize'
import type {
  ChangeEmailReply,
  ChangeEmailRequest,
  ConfirmationOffer,
  ConfirmEmailReply,
  EmailState,
} from '../../contracts/email-address'
import { actorOf, anonymous, type RequestOrigin } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { AppError, ValidationError } from '../errors'
import type { Mailer } from '../mail/mailer'
import { confirmNewAddressMail, confirmOldAddressMail, verificationMail } from '../mail/mails'
import type { OneTimeTokenRow } from '../models/one-time-token'
import type { UserRow } from '../models/user'
import type { AccountNotices } from './account-notices'
import { linkInvalid, type OneTimeTokens, type TokenPurpose } from './one-time-tokens'
import type { PasswordProof } from './password-proof'
import type { SessionPrincipal } from './principal'
import { emailTaken, sessionEnded } from './refusals'
import { rawRow, toUser } from './user-rows'
import type { UsersDependencies } from './users.service'

const LIFETIME_SECONDS = 24 * 3_600
const LIFETIME = '24 hours'
const OF_CHANGE: TokenPurpose[] = ['email-change-current', 'email-change-new']
const OF_ADDRESS: TokenPurpose[] = ['email-verification', ...OF_CHANGE]

export interface EmailAddressDependencies {
  database: Database
  withPassword: PasswordProof
  tokens: OneTimeTokens
  announce: UsersDependencies['announce']
  audit: Audit
  mailer: Mailer
  notices: AccountNotices
  publicUrl: string | null
  now(): number
}

export type EmailAddressService = ReturnType<typeof createEmailAddressService>

const aboutUser = (id: string) => ({ account: id, target: { type: 'user', id } as const })

/** Whose an address is: shown by links that only its owner gets. */
export function createEmailAddressService(dependencies: EmailAddressDependencies) {
  const { database, withPassword, tokens, announce, audit, mailer, notices, publicUrl, now } = dependencies
  const { User } = database.models
  const confirmUrl = (token: string) => `${publicUrl}/confirm-email#${token}`

  const issue = async (
    purpose: TokenPurpose,
    row: UserRow,
    email: string,
    transaction: Transaction,
    changeId?: string,
  ) =>
    (
      await tokens.issue(
        {
          purpose,
          userId: row.id,
          email,
          boundTo: row.email,
          lifetimeSeconds: LIFETIME_SECONDS,
          ...(changeId === undefined ? {} : { changeId }),
        },
        transaction,
      )
    ).token

  /** @throws {AppError} `link_invalid`: the account or its address has changed since */
  async function ownerOf(token: OneTimeTokenRow, transaction?: Transaction): Promise<UserRow> {
    const row = await User.findByPk(token.userId, transaction ? { transaction, lock: true } : {})
    if (!row || !toUser(rawRow(row)).is_active) throw linkInvalid()
    tokens.requireUnchanged(token, row.email)
    return row
  }

  async function setAddress(
    row: UserRow,
    email: string,
    verifiedAt: Date | null,
    transaction: Transaction,
  ): Promise<void> {
    await row.update({ email, emailVerifiedAt: verifiedAt }, { transaction })
    await tokens.revoke(row.id, OF_ADDRESS, transaction)
    await announce({ userId: row.id, revoked: [], cutOffs: [] }, transaction)
  }

  /** Has both addresses asked. A change that was asked for before is void. */
  async function askBoth(row: UserRow, newEmail: string, transaction: Transaction): Promise<void> {
    await tokens.revoke(row.id, OF_CHANGE, transaction)
    const changeId = randomUUID()
    const fromCurrent = await issue('email-change-current', row, newEmail, transaction, changeId)
    const fromNew = await issue('email-change-new', row, newEmail, transaction, changeId)
    const email = row.email
    transaction.afterCommit(() =>
      mailer.send(async () => [
        confirmOldAddressMail({ to: email, newEmail, url: confirmUrl(fromCurrent), lifetime: LIFETIME }),
        confirmNewAddressMail({ to: newEmail, url: confirmUrl(fromNew), lifetime: LIFETIME }),
      ]),
    )
  }

  const mapTaken = (error: unknown): unknown => (error instanceof UniqueConstraintError ? emailTaken() : error)

  return {
    async state({ userId }: SessionPrincipal): Promise<EmailState> {
      const row = await User.findByPk(userId)
      if (!row) throw sessionEnded()
      const [current, next] = await Promise.all(
        OF_CHANGE.map(async (purpose) => tokens.findNewest(userId, purpose, row.email)),
      )
      return {
        email: row.email,
        verified_at: row.emailVerifiedAt?.toISOString() ?? null,
        change:
          current?.email && next
            ? {
                new_email: current.email,
                confirmed_by_current: current.usedAt !== null,
                confirmed_by_new: next.usedAt !== null,
                expires_at: current.expiresAt.toISOString(),
              }
            : null,
      }
    },

    /** Has a link sent to the address of an account that has not shown it to be its own; without a mail server, nothing. */
    sendVerification(userId: string): void {
      mailer.send(async () => {
        const mail = await database.write(async (transaction) => {
          const row = await User.findByPk(userId, { lock: true, transaction })
          if (!row || row.emailVerifiedAt) return undefined
          await tokens.revoke(row.id, ['email-verification'], transaction)
          const token = await issue('email-verification', row, row.email, transaction)
          return verificationMail({ to: row.email, url: confirmUrl(token), lifetime: LIFETIME })
        })
        return mail ? [mail] : []
      })
    },

    /** @throws {AppError} `mail_not_configured` */
    requireMail(): void {
      if (!mailer.isAvailable) throw new AppError('mail_not_configured', 409, 'This server sends no mail.')
    },

    /**
     * Begins a change of the address, which counts when both addresses have confirmed it. Where no mail is sent the
     * password alone stands for it, and it counts at once.
     *
     * @throws {AppError} `wrong_password`, or `email_taken`
     * @throws {ValidationError} it is the address already
     */
    async requestChange(
      principal: SessionPrincipal,
      { new_email: newEmail, password }: ChangeEmailRequest,
      signal?: AbortSignal,
    ): Promise<ChangeEmailReply> {
      const by = actorOf(principal)
      const begin = async (row: UserRow, transaction: Transaction): Promise<ChangeEmailReply> => {
        if (newEmail === row.email) throw sameAddress()
        if (await User.findOne({ where: { email: newEmail }, attributes: ['id'], transaction })) throw emailTaken()
        if (mailer.isAvailable) {
          await askBoth(row, newEmail, transaction)
          audit.record({ action: 'account.email_change_requested', by, ...aboutUser(row.id) }, transaction)
          return {
            outcome: 'confirmation_sent',
            message: 'Follow the links that were sent to both addresses: then the new one counts.',
          }
        }
        await setAddress(row, newEmail, null, transaction)
        audit.record(
          { action: 'account.email_changed', by, ...aboutUser(row.id), details: { confirmed: 'password' } },
          transaction,
        )
        return { outcome: 'changed', message: 'Your e-mail address is changed.' }
      }
      try {
        return await withPassword(principal, password, begin, signal)
      } catch (error) {
        if (error instanceof AppError && error.code === 'wrong_password')
          audit.recordFailure({ alike: `email ${principal.userId}` }, async () => ({
            action: 'account.email_change_requested',
            by,
            ...aboutUser(principal.userId),
            outcome: 'failure',
            details: { reason: 'wrong_password' },
          }))
        throw mapTaken(error)
      }
    },

    /** Takes a change back that was not confirmed by both. */
    async cancelChange({ userId }: SessionPrincipal): Promise<void> {
      await database.write((transaction) => tokens.revoke(userId, OF_CHANGE, transaction))
    },

    /** What a link confirms, without confirming it. @throws {AppError} `link_invalid` */
    async look(secret: string): Promise<ConfirmationOffer> {
      const token = await tokens.get(secret, OF_ADDRESS)
      const { email } = await ownerOf(token)
      const isChange = token.purpose !== 'email-verification'
      return {
        kind: isChange ? 'change' : 'verification',
        email: token.purpose === 'email-change-new' ? null : email,
        new_email: isChange ? token.email : null,
        expires_at: token.expiresAt.toISOString(),
      }
    },

    /**
     * Confirms what a link is for.
     *
     * @throws {AppError} `link_invalid`, or `email_taken` when somebody else took the address meanwhile
     */
    async confirm(secret: string, origin: RequestOrigin): Promise<ConfirmEmailReply> {
      const by = anonymous(origin)
      try {
        return await database.write(async (transaction): Promise<ConfirmEmailReply> => {
          const token = await tokens.get(secret, OF_ADDRESS, transaction)
          const row = await ownerOf(token, transaction)
          await tokens.spend(token, transaction)
          if (token.purpose === 'email-verification') {
            await row.update({ emailVerifiedAt: new Date(now()) }, { transaction })
            audit.record({ action: 'account.email_verified', by, ...aboutUser(row.id) }, transaction)
            return { outcome: 'verified', message: 'Your e-mail address is confirmed.' }
          }
          const partners = await tokens.findPartners(token, transaction)
          if (partners.length === 0 || partners.some(({ usedAt }) => usedAt === null))
            return {
              outcome: 'half_confirmed',
              message: 'Confirmed. The change counts when the other address has confirmed as well.',
            }
          const formerEmail = row.email
          const newEmail = token.email ?? formerEmail
          await setAddress(row, newEmail, new Date(now()), transaction)
          audit.record(
            { action: 'account.email_changed', by, ...aboutUser(row.id), details: { confirmed: 'both_addresses' } },
            transaction,
          )
          transaction.afterCommit(() => notices.emailChanged(formerEmail, newEmail))
          return { outcome: 'changed', message: 'Your e-mail address is changed.' }
        })
      } catch (error) {
        throw mapTaken(error)
      }
    },
  }
}

function sameAddress(): ValidationError {
  return new ValidationError([{ field: 'new_email', message: 'This is your address already.', code: 'custom' }])
}
