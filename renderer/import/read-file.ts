import type { ImportResult, ImportSettings } from '../../importers'

export interface ReadRequest {
  name: string
  text: string
  settings: ImportSettings
}
export type ReadReply = { result: ImportResult } | { unreadable: string }

/** Reads a file in a thread of its own. @throws {Error} with a sentence for people */
export async function readFile(file: File, settings: ImportSettings): Promise<ImportResult> {
  const text = await file.text()
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { type: 'module' })
  try {
    const reply = await new Promise<ReadReply>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<ReadReply>) => resolve(data)
      worker.onerror = () => reject(new Error(`${file.name} could not be read.`))
      worker.postMessage({ name: file.name, text, settings } satisfies ReadRequest)
    })
    if ('unreadable' in reply) throw new Error(`${file.name}: ${reply.unreadable}`)
    return reply.result
  } finally {
    worker.terminate()
  }
}
