import { DataTypes, type InferAttributes, type InferCreationAttributes, type Model, type Sequelize } from 'sequelize'

export interface StrategyVersionRow
  extends Model<InferAttributes<StrategyVersionRow>, InferCreationAttributes<StrategyVersionRow>> {
  strategyId: string
  version: number
  parameters: string // JSON, as it was recorded
  note: string
  authorId: string | null
  createdAt: Date
}

export function defineStrategyVersion(sequelize: Sequelize) {
  return sequelize.define<StrategyVersionRow>(
    'StrategyVersion',
    {
      strategyId: { type: DataTypes.STRING, primaryKey: true },
      version: { type: DataTypes.INTEGER, primaryKey: true },
      parameters: { type: DataTypes.TEXT, allowNull: false },
      note: { type: DataTypes.TEXT, allowNull: false },
      authorId: DataTypes.STRING,
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'strategy_versions', underscored: true, timestamps: false },
  )
}
