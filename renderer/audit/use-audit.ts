import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AuditExportFormat } from '../../contracts/audit-log'
import { adminApi } from '../admin/admin-api'
import { useServices } from '../app/services'
import { useSignedIn } from '../auth/use-session'
import { saveFile } from '../ui/save-file'
import { type AuditFilter, auditApi } from './audit-api'

/** Under the account's key, so that it goes with the account when its owner signs out. */
const LOG = ['account', 'audit']
const OWN = ['account', 'activity']
const FILE_TYPES = { jsonl: 'application/jsonl', csv: 'text/csv' }

export function useAuditLog(filter: AuditFilter, cursor: string | null) {
  const { session } = useServices()
  return useQuery({
    queryKey: [...LOG, 'page', filter, cursor],
    queryFn: ({ signal }) => session.call((token) => auditApi.list(token, filter, cursor, signal)),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: true,
    // Entries before the newest page stay what they are.
    ...(cursor === null ? { refetchInterval: 30_000 } : {}),
  })
}

/** What the person did and what was done to their account, a page at a time. */
export function useOwnActivity() {
  const { session } = useServices()
  const { user } = useSignedIn()
  return useInfiniteQuery({
    queryKey: [...OWN, user.id],
    queryFn: ({ signal, pageParam }) => session.call((token) => auditApi.listOwn(token, pageParam, signal)),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchOnWindowFocus: true,
  })
}

/** People whose name or address holds what was typed. */
export function usePeopleLike(typed: string) {
  const { session } = useServices()
  const query = { search: typed, role: '', status: '', sort: 'name', cursor: null } as const
  return useQuery({
    queryKey: [...LOG, 'people', typed],
    queryFn: async ({ signal }) => (await session.call((token) => adminApi.users(token, query, signal))).users,
    placeholderData: keepPreviousData,
    enabled: typed !== '',
  })
}

export function useVerify() {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => session.call(auditApi.verify),
    onSettled: () => queries.invalidateQueries({ queryKey: LOG }),
  })
}

/** Takes the log as it is for whole, and looks again whether it is. */
export function useAccept(onAccepted: () => void) {
  const { session } = useServices()
  return useMutation({ mutationFn: () => session.call(auditApi.accept), onSuccess: onAccepted })
}

export function useExport(filter: AuditFilter) {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (format: AuditExportFormat) => session.call((token) => auditApi.export(token, filter, format)),
    onSuccess: (text, format) =>
      saveFile(`aurelius-audit-${new Date().toISOString().slice(0, 10)}.${format}`, FILE_TYPES[format], text),
    onSettled: () => queries.invalidateQueries({ queryKey: LOG }),
  })
}
