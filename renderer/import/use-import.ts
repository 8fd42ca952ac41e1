import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { BacktestDetail } from '../../contracts/backtests'
import type { ImportFault, ImportResult } from '../../importers'
import { useServices } from '../app/services'
import { ledgerApi } from '../ledger/ledger-api'
import { ledgerKeys } from '../ledger/queries'
import type { ChosenFile } from './chosen-file'
import { readFile } from './read-file'
import { sendRun } from './send-run'

export interface ImportOrder {
  files: ChosenFile[]
  strategy: { id: string } | { name: string; strategy_type: string }
  label: string
  dataSource: string
}

export interface FileFaults {
  name: string
  faults: ImportFault[]
}

/** Rows of files are not right; nothing was sent. */
export class FaultyRows extends Error {
  override name = 'FaultyRows'
  readonly files: FileFaults[]
  constructor(files: FileFaults[]) {
    super('Some rows are not right; nothing was sent.')
    this.files = files
  }
}

/** Reads the files, then records them as a run; `share` is how much of it is sent, null while it is read. */
export function useImport() {
  const { session } = useServices()
  const queries = useQueryClient()
  const [share, setShare] = useState<number | null>(null)
  // The strategy stays when its run breaks off: the next try is of the same one.
  const made = useRef(new Map<string, string>())
  const makeOnce = async (strategy: { name: string; strategy_type: string }): Promise<string> => {
    const key = JSON.stringify([strategy.name.trim(), strategy.strategy_type.trim()])
    const id =
      made.current.get(key) ??
      (await session.call((token) => ledgerApi.createStrategy(token, { ...strategy, description: '' }))).id
    made.current.set(key, id)
    return id
  }
  const mutation = useMutation({
    mutationFn: async ({ files, strategy, label, dataSource }: ImportOrder): Promise<BacktestDetail> => {
      setShare(null)
      const results: ImportResult[] = []
      for (const { file, settings } of files) results.push(await readFile(file, settings))
      requireSound(files, results)
      const strategyId = 'id' in strategy ? strategy.id : await makeOnce(strategy)
      setShare(0)
      return sendRun(session.call, { strategyId, label, dataSource, results }, setShare)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ledgerKeys.all }),
  })
  return { ...mutation, share }
}

function requireSound(files: ChosenFile[], results: ImportResult[]): void {
  const faulty = files.flatMap(({ file }, index) => {
    const faults = results[index]?.faults ?? []
    return faults.length > 0 ? [{ name: file.name, faults }] : []
  })
  if (faulty.length > 0) throw new FaultyRows(faulty)
  const curves = results.filter(({ points }) => points.length > 0).length
  if (curves === 0) throw new Error('There is no equity curve: add a file that has one, or returns.')
  if (curves > 1) throw new Error('Two files have an equity curve: a run has one. Leave one out.')
}
