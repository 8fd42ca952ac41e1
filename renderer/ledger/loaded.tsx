import { Skeleton, VisuallyHidden } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { UnreachableError } from '../api'
import { Problem } from '../ui/problem'
import styles from './ledger.module.css'

interface LoadedProps<Data> {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>
  label: string // for who cannot see the grey bars, for example "Loading the runs"
  children: (data: Data) => ReactNode
}

/** What was asked for, or what stands in its place until it is there. */
export function Loaded<Data>({ query: { data, error, refetch }, label, children }: LoadedProps<Data>) {
  if (data !== undefined) return children(data)
  // The banner speaks for a server that cannot be reached.
  if (error && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={refetch} />
  return (
    <div role="status" className={styles.waiting}>
      <VisuallyHidden>{label}</VisuallyHidden>
      <Skeleton height={20} />
      <Skeleton height={20} />
      <Skeleton height={20} />
    </div>
  )
}
