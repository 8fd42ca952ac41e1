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
