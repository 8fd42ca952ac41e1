import { messageReply } from './auth'
import { forgotPasswordRequest, linkLook, passwordResetOffer, resetLink, resetPasswordRequest } from './password-reset'

const NOT_SIGNED_IN = 'No access token, or one that is malformed, expired or revoked'
const TOO_MANY = 'Too many attempts; try again after Retry-After seconds'
const BAD_LINK = 'The link has expired or was used already, or the body is not JSON'
const BODY = {
  400: 'The body is not JSON',
  413: 'The body is larger than 1 MiB',
  415: 'The body was not sent as JSON',
  422: 'A field is missing or not valid; `errors` says which',
}
const PUBLIC = { access: 'public', scope: null } as const

/** How people who have lost their password come back. */
export const recoveryEndpoints = {
  forgotPassword: {
    ...PUBLIC,
    method: 'post',
    path: '/api/auth/forgot-password',
    summary: 'Ask for a mail with a link that sets a new password; the answer is the same for every address',
    body: forgotPasswordRequest,
    reply: messageReply,
    failures: { ...BODY, 409: 'This server sends no mail: ask an administrator', 429: TOO_MANY },
  },
  lookAtPasswordReset: {
    ...PUBLIC,
    method: 'post',
    path: '/api/auth/reset-password/look',
    summary: 'Whose password a link sets, without using it',
    body: linkLook,
    reply: passwordResetOffer,
    failures: { ...BODY, 400: BAD_LINK, 429: TOO_MANY },
  },
  resetPassword: {
    ...PUBLIC,
    method: 'post',
    path: '/api/auth/reset-password',
    summary: 'Set a new password by a link, once, and end every session',
    body: resetPasswordRequest,
    reply: messageReply,
    failures: {
      ...BODY,
      400: BAD_LINK,
      422: 'A field is missing or not valid, or the new password is easy to guess; `errors` says which',
      429: TOO_MANY,
      503: 'Too many sign-ins are waiting; try again after Retry-After seconds',
    },
  },
  createResetLink: {
    access: 'bearer',
    scope: 'users:manage',
    method: 'post',
    path: '/api/admin/users/:id/reset-link',
    summary: "Make a link that sets somebody's password, shown once, to hand over to them",
    reply: resetLink,
    status: 201,
    failures: {
      401: NOT_SIGNED_IN,
      403: 'You may not manage users',
      404: 'There is no such user',
      409: 'The account is not active',
    },
  },
} as const
