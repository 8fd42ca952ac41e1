import type { z } from 'zod'
import type { BacktestDetail } from '../../../contracts/backtests'
import type { GateResult } from '../../../contracts/gates'
import type { StrategyVersion } from '../../../contracts/strategies'
import type { ValidationDetail } from '../../../contracts/validations'
import type { CurveFacts } from './check-run'

export interface KeptFile {
  bytes: number
  sha256: string
  /** Empty once the rows of a run were checked. */
  text: string
}

/** An archive while it is checked. */
export interface Archive {
  files: Map<string, KeptFile>
  /** Paths that something in the archive asks for. */
  named: Set<string>
  /** Paths that something was found about. */
  faulty: Set<string>
  strategyId: string
  backtests: Map<string, BacktestDetail>
  curves: Map<string, CurveFacts>
  validations: Map<string, ValidationDetail>
  gateResults: Map<string, GateResult>
  /** Of the strategy, by number. */
  versions: Map<number, StrategyVersion>
  find: (path: string, message: string) => void
  /** A document by its path, which becomes a named one; finds where it is missing or of another shape. */
  read: <Shape extends z.ZodType>(path: string, shape: Shape) => z.output<Shape> | undefined
}

export function openArchive(report: Archive['find']): Archive {
  const files = new Map<string, KeptFile>()
  const named = new Set<string>()
  const faulty = new Set<string>()
  const find: Archive['find'] = (path, message) => {
    faulty.add(path)
    report(path, message)
  }
  return {
    ...{ files, named, faulty, find, strategyId: '' },
    ...{ backtests: new Map(), curves: new Map(), validations: new Map(), gateResults: new Map(), versions: new Map() },
    read(path, shape) {
      named.add(path)
      try {
        return shape.parse(JSON.parse(files.get(path)?.text ?? ''))
      } catch {
        find(path, 'This file is missing, or not as Aurelius writes it.')
        return undefined
      }
    },
  }
}
