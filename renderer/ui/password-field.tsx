import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useState } from 'react'

interface PasswordFieldProps extends PasswordInputProps {
  autoComplete: 'current-password' | 'new-password'
}

/** A password box whose "show" button can be reached and understood without a mouse or a screen. */
export function PasswordField(props: PasswordFieldProps) {
  const [isVisible, setVisible] = useState(false)

  return (
    <PasswordInput
      {...props}
      visible={isVisible}
      onVisibilityChange={setVisible}
      autoCapitalize="none"
      spellCheck={false}
      visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
    />
  )
}

/** Tells password managers whose password a form asks for, where the person is not asked who they are. */
export function PasswordOwner({ email }: { email: string }) {
  return <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
}
