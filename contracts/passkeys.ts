import { z } from 'zod'
import { NAME_MAX_LENGTH, ofText } from './auth'
import { recordedId } from './text'

const ENCODED_MAX_LENGTH = 16_384
const encoded = z
  .string()
  .max(ENCODED_MAX_LENGTH, ofText('That is longer than anything a passkey sends.'))
  .regex(/^[\w-]*$/, 'A passkey sends base64url.')

/** What a browser's `PublicKeyCredential.toJSON()` gives, as far as it is looked at before its signature is checked. */
const credential = z.looseObject({
  id: encoded,
  rawId: encoded,
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: encoded }),
  clientExtensionResults: z.looseObject({}).default({}),
})

export const newPasskeyRequest = z.object({
  name: z
    .string('Give the passkey a name.')
    .trim()
    .min(1, ofText('Give the passkey a name.'))
    .max(NAME_MAX_LENGTH, ofText(`A name has at most ${NAME_MAX_LENGTH} characters.`)),
  credential: credential.extend({ response: z.looseObject({ clientDataJSON: encoded, attestationObject: encoded }) }),
})
export type NewPasskeyRequest = z.infer<typeof newPasskeyRequest>

export const shownPasskey = credential.extend({
  response: z.looseObject({ clientDataJSON: encoded, authenticatorData: encoded, signature: encoded }),
})
export const passkeyRequest = z.object({ credential: shownPasskey })
export type PasskeyRequest = z.infer<typeof passkeyRequest>

/** With the challenge of a sign-in it is its second step; without one it is a sign-in of its own. */
export const passkeyOptionsRequest = z.object({ challenge: z.string().max(64, ofText('Start again.')).optional() })
export type PasskeyOptionsRequest = z.infer<typeof passkeyOptionsRequest>

/** For `navigator.credentials` in the page: WebAuthn Level 3, section 5.1.8 and 5.1.9, the JSON forms. */
export const passkeyOptions = z.strictObject({ options: z.looseObject({ challenge: z.string() }) })
export type PasskeyOptions = z.infer<typeof passkeyOptions>

export const passkey = z.strictObject({
  id: z.string(),
  name: z.string(),
  site: z.string(), // the host name where it works, for example localhost
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
})
export type Passkey = z.infer<typeof passkey>

export const passkeyParams = z.object({ id: recordedId })
