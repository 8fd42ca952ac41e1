/** Where a file comes from. `returns` is what pyfolio reads and QuantStats exports: one return per period. */
export const FORMAT_IDS = ['csv', 'backtesting-py', 'vectorbt', 'returns', 'freqtrade', 'lean'] as const
export type FormatId = (typeof FORMAT_IDS)[number]

/** What rows a file holds; the result of a whole run holds both. */
export type Holds = 'equity' | 'returns' | 'trades' | 'run'

export const DATE_FORMATS = ['iso', 'year-month-day', 'day-month-year', 'month-day-year', 'seconds', 'ms'] as const
export type DateFormat = (typeof DATE_FORMATS)[number]

/** A column as we know it. */
export type ColumnName =
  | 'time'
  | 'equity'
  | 'return'
  | 'instrument'
  | 'side'
  | 'quantity'
  | 'entry_at'
  | 'exit_at'
  | 'entry_price'
  | 'exit_price'
  | 'commission'
  | 'exit_commission'
  | 'profit'
  | 'status'

/** Our columns to the headings of a file. */
export type Mapping = Partial<Record<ColumnName, string>>

/** What a person may state about a file; whatever is missing is told from the file. */
export interface ImportSettings {
  format?: FormatId | undefined
  holds?: Holds | undefined
  /** An empty heading: no column, whatever the headings suggest. */
  columns?: Mapping | undefined
  dateFormat?: DateFormat | undefined
  /** Of times that name no zone, such as `-05:00`; UTC where it is missing. A date alone is a trading day everywhere. */
  utcOffset?: string | undefined
  /** Of trades whose file names none. */
  instrument?: string | undefined
  /** What returns are applied to, account currency; 100,000 where it is missing. */
  initialCapital?: number | undefined
  /** Which one to take of a file that holds several. */
  strategy?: string | undefined
}

/** A trade as the API takes it. */
export interface ImportedTrade {
  instrument: string
  side?: 'long' | 'short'
  quantity: number
  entry_at: string
  exit_at: string
  entry_price: number
  exit_price: number
  commission?: number
  profit?: number
}

/** What the file tells about the run, by the names that the API has for it. Fractions and account currency as there. */
export interface RunFacts {
  engine?: string
  engine_version?: string
  currency?: string
  instruments?: string[]
  initial_capital?: number
  /** The tool's own figures by our names. */
  reported_metrics?: Record<string, number>
}

export interface ImportFault {
  /** Line of the file, from 1; `null` where the file as a whole is at fault. */
  line: number | null
  /** One sentence for people. */
  message: string
}

export interface ImportResult {
  format: FormatId
  holds: Holds
  /** Time in ms UTC and equity by turns, oldest first: what the API takes as pairs of Float64. */
  points: Float64Array
  /** In the order of the file. */
  trades: ImportedTrade[]
  facts: RunFacts
  /** The strategy that the file names, if it does. */
  strategyName: string | null
  /** What was assumed or left out, a sentence each. */
  notes: string[]
  /** At most 50; where there is one, nothing is to be sent. */
  faults: ImportFault[]
}

/** A column that rows of a kind may have. */
export interface Role {
  name: ColumnName
  label: string
  isRequired: boolean
}

export interface ImportPreview {
  format: FormatId
  holds: Holds
  /** Headings of a table; none of a JSON document. */
  columns: string[]
  /** The first rows of a table as they stand there. */
  rows: string[][]
  /** What is to be assigned, in the order in which to show it. */
  roles: Role[]
  mapping: Mapping
  /** `null` where there is no date, or where day and month cannot be told apart. */
  dateFormat: DateFormat | null
  /** What has to be stated before the file can be read, a sentence each. */
  missing: string[]
}
