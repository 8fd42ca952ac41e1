import { Skeleton, VisuallyHidden } from '@mantine/core'
import styles from './page.module.css'

/** Grey bars in place of a page. Named for screen readers, which do not see them. */
export function Loading({ label }: { label: string }) {
  return (
    <div className={styles.page} role="status">
      <VisuallyHidden component="h1">{label}</VisuallyHidden>
      <Skeleton height={32} width="min(16rem, 60%)" radius="sm" />
      <Skeleton height={96} radius="md" />
      <Skeleton height={280} radius="md" />
    </div>
  )
}
