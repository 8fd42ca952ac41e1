import { messageReply } from './auth'
import { changeEmailReply, changeEmailRequest, confirmationOffer, confirmEmailReply, emailState } from './email-address'
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
const OWN = { access: 'bearer', scope: 'account:manage' } as const
const PUBLIC = { access: 'public', scope: null } as const

/** How people show that an address is theirs, and come back who have lost their password. */
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
  emailState: {
    ...OWN,
    method: 'get',
    path: '/api/auth/email',
    summary: 'Read whether your e-mail address is confirmed, and a change of it that is not yet',
    reply: emailState,
    failures: { 401: NOT_SIGNED_IN },
  },
  sendVerification: {
    ...OWN,
    method: 'post',
    path: '/api/auth/email/verification',
    summary: 'Have a mail with a link sent that confirms your address',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 409: 'This server sends no mail', 429: TOO_MANY },
  },
  changeEmail: {
    ...OWN,
    fresh: 'with_second_factor',
    method: 'post',
    path: '/api/auth/change-email',
    summary: 'Change your e-mail address; where mail is sent it counts when both addresses have confirmed',
    body: changeEmailRequest,
    reply: changeEmailReply,
    failures: {
      ...BODY,
      400: 'The password is wrong, the address is taken, or the body is not JSON',
      401: NOT_SIGNED_IN,
      403: 'Your account has a second factor: prove first that it is you',
      429: TOO_MANY,
      503: 'Too many sign-ins are waiting; try again after Retry-After seconds',
    },
  },
  cancelEmailChange: {
    ...OWN,
    method: 'delete',
    path: '/api/auth/email/change',
    summary: 'Take a change back that both addresses have not confirmed yet',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN },
  },
  lookAtConfirmation: {
    ...PUBLIC,
    method: 'post',
    path: '/api/auth/confirm-email/look',
    summary: 'What a link from a mail confirms, without confirming it',
    body: linkLook,
    reply: confirmationOffer,
    failures: { ...BODY, 400: BAD_LINK, 429: TOO_MANY },
  },
  confirmEmail: {
    ...PUBLIC,
    method: 'post',
    path: '/api/auth/confirm-email',
    summary: 'Confirm an e-mail address, or one half of a change',
    body: linkLook,
    reply: confirmEmailReply,
    failures: { ...BODY, 400: `${BAD_LINK}, or the new address was taken meanwhile`, 429: TOO_MANY },
  },
  createResetLink: {
    access: 'bearer',
    scope: 'users:manage',
    fresh: 'always',
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
