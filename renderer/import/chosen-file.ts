import { type ImportPreview, type ImportSettings, previewImport, UnreadableFile } from '../../importers'

const HEAD_BYTES = 64 * 1024

export interface ChosenFile {
  id: string
  file: File
  head: string // its beginning
  settings: ImportSettings
}

export async function chooseFile(file: File): Promise<ChosenFile> {
  return { id: crypto.randomUUID(), file, head: await file.slice(0, HEAD_BYTES).text(), settings: {} }
}

/** How a file would be read, or the sentence why it cannot be. */
export function previewOf({ file, head, settings }: ChosenFile): { preview: ImportPreview } | { unreadable: string } {
  try {
    return { preview: previewImport(file.name, head, settings) }
  } catch (error) {
    if (error instanceof UnreadableFile) return { unreadable: error.message }
    throw error
  }
}
