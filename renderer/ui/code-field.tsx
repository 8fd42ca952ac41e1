import { TextInput, type TextInputProps } from '@mantine/core'
import styles from './code-field.module.css'

const AS_TYPED = { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } as const

/** Six digits of an authenticator app; telephones offer their number keys for it. */
export function CodeField(props: TextInputProps) {
  return (
    <TextInput
      label="Code"
      description="Six digits, from the authenticator app on your telephone."
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={12}
      classNames={{ wrapper: styles.code }}
      {...AS_TYPED}
      {...props}
    />
  )
}

export function RecoveryCodeField(props: TextInputProps) {
  return (
    <TextInput
      label="Recovery code"
      description="One of those you kept when you set up the app. Each works once."
      autoComplete="off"
      classNames={{ wrapper: styles.recoveryCode }}
      {...AS_TYPED}
      {...props}
    />
  )
}
