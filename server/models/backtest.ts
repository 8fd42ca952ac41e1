import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'
import type { BacktestStatus, Reproducibility } from '../../contracts/backtests'
import type { Metrics } from '../../contracts/metrics'

/** A run. Its points and trades are segments (backtest_segments); the JSON columns for them are another system's. */
export interface BacktestRow extends Model<InferAttributes<BacktestRow>, InferCreationAttributes<BacktestRow>> {
  id: string
  strategyId: string
  strategyVersion: number
  workspaceId: string
  authorId: string | null
  label: string | null
  status: BacktestStatus
  errorMessage: CreationOptional<string | null>
  startDate: string
  endDate: string
  isPeriodStated: boolean // else the dates are told from the curve
  initialCapital: number // 0: not known yet
  currency: string
  instruments: string[]
  seed: number | null
  dataSource: string
  dataFingerprint: string | null
  engine: string | null
  engineVersion: string | null
  codeRevision: string | null
  scoring: string // JSON
  expectedPoints: number | null
  pointCount: CreationOptional<number>
  tradeCount: CreationOptional<number>
  hasTradeList: CreationOptional<boolean> // trades were sent, if only an empty list
  lastTime: CreationOptional<number | null> // of the newest point, ms UTC
  progress: CreationOptional<number | null>
  fingerprint: string
  resultHash: CreationOptional<string | null>
  reproducibility: CreationOptional<Reproducibility | null>
  firstRunId: CreationOptional<string | null>
  metrics: CreationOptional<Metrics | null>
  reportedMetrics: CreationOptional<string | null> // JSON
  differences: CreationOptional<string | null> // JSON
  differenceCount: CreationOptional<number>
  totalReturn: CreationOptional<number | null>
  cagr: CreationOptional<number | null>
  volatility: CreationOptional<number | null>
  sharpeRatio: CreationOptional<number | null>
  maxDrawdown: CreationOptional<number | null>
  createdAt: Date
  lastSeenAt: Date | null
  completedAt: CreationOptional<Date | null>
  durationSeconds: CreationOptional<number | null>
}

export function defineBacktest(sequelize: Sequelize) {
  return sequelize.define<BacktestRow>(
    'Backtest',
    {
      id: { type: DataTypes.STRING, primaryKey: true },
      strategyId: { type: DataTypes.STRING, allowNull: false },
      strategyVersion: { type: DataTypes.INTEGER, allowNull: false },
      workspaceId: DataTypes.STRING,
      authorId: DataTypes.STRING,
      label: DataTypes.STRING,
      status: DataTypes.STRING,
      errorMessage: DataTypes.TEXT,
      startDate: { type: DataTypes.DATEONLY, allowNull: false },
      endDate: { type: DataTypes.DATEONLY, allowNull: false },
      isPeriodStated: { type: DataTypes.BOOLEAN, allowNull: false },
      initialCapital: { type: DataTypes.DOUBLE, allowNull: false },
      currency: { type: DataTypes.STRING, allowNull: false },
      instruments: DataTypes.JSON,
      seed: DataTypes.INTEGER,
      dataSource: DataTypes.STRING,
      dataFingerprint: DataTypes.STRING,
      engine: DataTypes.STRING,
      engineVersion: DataTypes.STRING,
      codeRevision: DataTypes.STRING,
      scoring: { type: DataTypes.TEXT, allowNull: false },
      expectedPoints: DataTypes.INTEGER,
      pointCount: { type: DataTypes.INTEGER, defaultValue: 0 },
      tradeCount: { type: DataTypes.INTEGER, defaultValue: 0 },
      hasTradeList: { type: DataTypes.BOOLEAN, defaultValue: false },
      lastTime: DataTypes.DOUBLE,
      progress: DataTypes.DOUBLE,
      fingerprint: DataTypes.STRING,
      resultHash: DataTypes.STRING,
      reproducibility: DataTypes.STRING,
      firstRunId: DataTypes.STRING,
      metrics: DataTypes.JSON,
      reportedMetrics: DataTypes.TEXT,
      differences: DataTypes.TEXT,
      differenceCount: { type: DataTypes.INTEGER, defaultValue: 0 },
      totalReturn: DataTypes.DOUBLE,
      cagr: DataTypes.DOUBLE,
      volatility: DataTypes.DOUBLE,
      sharpeRatio: DataTypes.DOUBLE,
      maxDrawdown: DataTypes.DOUBLE,
      createdAt: DataTypes.DATE,
      lastSeenAt: DataTypes.DATE,
      completedAt: DataTypes.DATE,
      durationSeconds: DataTypes.DOUBLE,
    },
    { tableName: 'backtests', underscored: true, timestamps: false },
  )
}
