import { NativeSelect, type NativeSelectProps } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'

/** The system's own list to choose from: known to everybody, and to every screen reader. */
export function Select(props: NativeSelectProps) {
  return <NativeSelect rightSection={<IconSelector size="1rem" stroke={1.75} aria-hidden />} {...props} />
}
