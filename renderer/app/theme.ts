import { Button, createTheme, PasswordInput, Skeleton, Tabs, TextInput } from '@mantine/core'
import styles from './theme.module.css'

const FIELD = {
  defaultProps: { size: 'md' },
  classNames: { input: styles.input, label: styles.label, error: styles.error, description: styles.description },
}

const PRIMARY = {
  '--button-bg': 'var(--action)',
  '--button-hover': 'var(--action-hover)',
  '--button-color': 'var(--action-ink)',
}

const DANGER = {
  '--button-bg': 'var(--bad)',
  '--button-hover': 'var(--bad-hover)',
  '--button-color': 'var(--surface)',
}

/** Behaviour and class names only; every colour is a custom property of tokens.css. */
export const theme = createTheme({
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      classNames: { root: styles.button },
      vars: (_theme, { variant }) => ({ root: variant === 'danger' ? DANGER : variant ? {} : PRIMARY }),
    }),
    Skeleton: Skeleton.extend({ classNames: { root: styles.skeleton } }),
    Tabs: Tabs.extend({
      defaultProps: { color: 'var(--accent)' },
      classNames: { list: styles.tabList, tab: styles.tab },
    }),
    // By name alone: their code comes with the pages that use them.
    Checkbox: {
      defaultProps: { color: 'var(--action)', iconColor: 'var(--action-ink)' },
      classNames: { input: styles.box, label: styles.boxLabel, description: styles.boxNote, error: styles.error },
    },
    PasswordInput: PasswordInput.extend({
      defaultProps: { size: 'md', visibilityToggleFocusable: true },
      classNames: { input: styles.input, label: styles.label, error: styles.error, description: styles.description },
    }),
    TextInput: TextInput.extend(FIELD),
    Textarea: FIELD,
    NativeSelect: FIELD,
  },
})
