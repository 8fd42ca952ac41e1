import { readImport, UnreadableFile } from '../../importers'
import type { ReadReply, ReadRequest } from './read-file'

// Reading a million rows takes seconds, which the page must not feel.
addEventListener('message', ({ data: { name, text, settings } }: MessageEvent<ReadRequest>) => {
  postMessage(read(name, text, settings))
})

function read(name: string, text: string, settings: ReadRequest['settings']): ReadReply {
  try {
    return { result: readImport(name, text, settings) }
  } catch (error) {
    if (error instanceof UnreadableFile) return { unreadable: error.message }
    throw error
  }
}
