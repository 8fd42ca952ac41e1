import { type MantineColorScheme, SegmentedControl, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'
import styles from './theme-switch.module.css'

const CHOICES = [
  { value: 'light', label: 'Light theme', Icon: IconSun },
  { value: 'auto', label: 'Theme of the system', Icon: IconDeviceDesktop },
  { value: 'dark', label: 'Dark theme', Icon: IconMoon },
]

export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()

  return (
    <SegmentedControl
      aria-label="Theme"
      size="xs"
      className={styles.root ?? ''}
      classNames={{ label: styles.label ?? '', indicator: styles.indicator ?? '' }}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={CHOICES.map(({ value, label, Icon }) => ({
        value,
        label: (
          <>
            <Icon size="1rem" stroke={1.75} aria-hidden />
            <VisuallyHidden>{label}</VisuallyHidden>
          </>
        ),
      }))}
    />
  )
}
