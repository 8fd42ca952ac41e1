import type { ImportFault } from './types'

const MOST_FAULTS = 50
const SHOWN = 40

/** The file cannot be read at all. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile'
  readonly line: number | null

  constructor(message: string, line: number | null = null) {
    super(message)
    this.line = line
  }
}

/** A value of the file that is not what its column holds. */
export class BadValue extends Error {
  override name = 'BadValue'
}

export interface FaultList {
  readonly faults: ImportFault[]
  readonly isFull: boolean
  add(line: number | null, message: string): void
}

export function createFaultList(): FaultList {
  const faults: ImportFault[] = []
  return {
    faults,
    get isFull() {
      return faults.length >= MOST_FAULTS
    },
    add(line, message) {
      if (faults.length < MOST_FAULTS) faults.push({ line, message })
    },
  }
}

/** The start of what was found, as a quotation. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
}
