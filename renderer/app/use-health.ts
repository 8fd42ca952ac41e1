import { useQuery } from '@tanstack/react-query'
import { useServices } from './services'

/** Asked every 10 seconds on every page, which is also how a server that went away is noticed without a click. */
export function useHealth() {
  const { api } = useServices()
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => api.health(signal),
    refetchInterval: 10_000,
    refetchOnWindowFocus: true,
  })
}

export const DIALECT_NAMES = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const
