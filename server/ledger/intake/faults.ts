/** Why a row of a statement was refused. */
export interface RowFault {
  /** Line of the body that the row starts in, from 1. */
  line: number
  /** Row of the statement, from 1, a heading not counted; none where the body as a whole is at fault. */
  row?: number
  /** One sentence for people. */
  message: string
}

/** More are not collected: nobody reads them, and a body made of faults must not fill the memory. */
export const MOST_FAULTS = 50

/** A fault after which the rest of the body has no meaning. */
export class UnreadableStatement extends Error {
  override name = 'UnreadableStatement'
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

export interface FaultList {
  readonly faults: readonly RowFault[]
  /** Whether what follows would be read in vain. */
  isOver(): boolean
  add(fault: RowFault): void
  /** Runs work on the body; a fault of the whole body ends it. */
  guard(work: () => void): void
}

export function createFaultList(): FaultList {
  const faults: RowFault[] = []
  let isOver = false
  return {
    faults,
    isOver: () => isOver,
    add(fault) {
      faults.push(fault)
      if (faults.length >= MOST_FAULTS) isOver = true
    },
    guard(work) {
      if (isOver) return
      try {
        work()
      } catch (error) {
        if (!(error instanceof UnreadableStatement)) throw error
        isOver = true
        if (faults.length < MOST_FAULTS) faults.push({ line: error.line, message: error.message })
      }
    },
  }
}
