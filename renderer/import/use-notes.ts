import { useQuery } from '@tanstack/react-query'
import type { ChosenFile } from './chosen-file'
import { readFile } from './read-file'

/** What is assumed of a file or left out, a sentence each, once the whole of it was read; none while it cannot be. */
export function useNotes({ id, file, settings }: ChosenFile, isReadable: boolean): string[] {
  const { data } = useQuery({
    queryKey: ['account', 'import-notes', id, settings],
    queryFn: async () => (await readFile(file, settings)).notes,
    enabled: isReadable,
    networkMode: 'always',
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  return (isReadable && data) || []
}
