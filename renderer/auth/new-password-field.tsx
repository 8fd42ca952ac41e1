import type { PasswordInputProps } from '@mantine/core'
import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import { PasswordField } from '../ui/password-field'
import styles from './new-password-field.module.css'
import type { Score, Strength } from './password-strength'
import { usePasswordMinLength } from './use-auth-settings'

const WORDS: Record<Score, string> = {
  0: 'Very easy to guess.',
  1: 'Easy to guess.',
  2: 'Could be harder to guess.',
  3: 'Hard to guess.',
  4: 'Very hard to guess.',
}
const STEPS = [1, 2, 3, 4]
const PAUSE_MS = 150

interface NewPasswordFieldProps extends Omit<PasswordInputProps, 'onChange'> {
  onChange?: (event: ChangeEvent<HTMLInputElement>) => void
  /** What is known of whose password it will be: name and e-mail address. Asked when it is estimated. */
  context: () => string[]
}

/** A password box for a new password, and under it what it is worth: advice, which keeps nobody from going on. */
export function NewPasswordField({ context, onChange, ...props }: NewPasswordFieldProps) {
  const minLength = usePasswordMinLength()
  const [typed, setTyped] = useState('')
  const strength = useStrength(typed, context)

  return (
    <div>
      <PasswordField
        description={`At least ${minLength} characters. A few words with spaces are easy to remember and hard to guess.`}
        {...props}
        autoComplete="new-password"
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          onChange?.(event)
        }}
      />
      <div role="status" className={styles.strength}>
        {strength ? (
          <>
            <span className={styles.bar} data-score={strength.score} aria-hidden="true">
              {STEPS.map((step) => (
                <span key={step} data-reached={step <= Math.max(1, strength.score)} />
              ))}
            </span>
            <span>
              <strong>{WORDS[strength.score]}</strong> {strength.weakness}
            </span>
          </>
        ) : null}
      </div>
    </div>
  )
}

/** What estimates is loaded with the first letter: most people come to sign in with a password they have. */
function useStrength(typed: string, context: () => string[]): Strength | null {
  const [strength, setStrength] = useState<Strength | null>(null)
  const latestContext = useRef(context)
  latestContext.current = context

  useEffect(() => {
    let isWanted = true
    const estimate = async () => {
      const estimator = typed === '' ? null : await import('./password-strength').catch(() => null)
      if (isWanted) setStrength(estimator?.estimateStrength(typed, latestContext.current()) ?? null)
    }
    const timer = setTimeout(estimate, typed === '' ? 0 : PAUSE_MS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [typed])

  return strength
}
