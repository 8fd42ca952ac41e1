import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { useServices } from '../app/services'
import { useMay } from '../auth/use-permissions'
import { ledgerKeys } from '../ledger/queries'
import { LiveNotice } from '../ui/notice'

/** Something to look at in an empty ledger, labelled as what it is. */
export function SampleButton() {
  const { session } = useServices()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const mayWrite = useMay('ledger:write')
  const load = useMutation({
    mutationFn: async () => (await import('./load-sample')).loadSample(session.call),
    onSuccess: (id) => {
      navigate(`/strategies/${id}`)
      void queries.invalidateQueries({ queryKey: ledgerKeys.all })
    },
  })
  if (!mayWrite) return null
  return (
    <>
      <LiveNotice tone="bad">{load.error?.message ?? null}</LiveNotice>
      <Button variant="default" loading={load.isPending} onClick={() => load.mutate()}>
        Load a sample on real prices
      </Button>
    </>
  )
}
