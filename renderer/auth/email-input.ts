/** Not `type="email"`: browsers rewrite an address in other scripts to punycode before anybody can read it. */
export const EMAIL_INPUT = {
  type: 'text',
  inputMode: 'email',
  autoComplete: 'username',
  autoCapitalize: 'none',
  autoCorrect: 'off',
  spellCheck: false,
} as const
