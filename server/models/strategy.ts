import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'
import type { Parameters, Stage } from '../../contracts/strategies'

export interface StrategyRow extends Model<InferAttributes<StrategyRow>, InferCreationAttributes<StrategyRow>> {
  id: string
  name: string
  description: string | null
  strategyType: string
  parameters: Parameters // of the newest version
  status: CreationOptional<string | null> // as another system left it
  workspaceId: string
  ownerId: string | null
  version: CreationOptional<number>
  stage: CreationOptional<Stage>
  tags: string // a JSON array, sorted
  searchText: string
  archivedAt: CreationOptional<Date | null>
  backtestCount: CreationOptional<number>
  lastBacktestAt: CreationOptional<Date | null>
  createdAt: Date
  updatedAt: Date
}

export function defineStrategy(sequelize: Sequelize) {
  return sequelize.define<StrategyRow>(
    'Strategy',
    {
      id: { type: DataTypes.STRING, primaryKey: true },
      name: { type: DataTypes.STRING, allowNull: false },
      description: DataTypes.TEXT,
      strategyType: { type: DataTypes.STRING, allowNull: false },
      parameters: DataTypes.JSON,
      status: DataTypes.STRING,
      workspaceId: DataTypes.STRING,
      ownerId: DataTypes.STRING,
      version: { type: DataTypes.INTEGER, defaultValue: 1 },
      stage: { type: DataTypes.STRING, defaultValue: 'research' },
      tags: { type: DataTypes.TEXT, allowNull: false },
      searchText: { type: DataTypes.TEXT, allowNull: false },
      archivedAt: DataTypes.DATE,
      backtestCount: { type: DataTypes.INTEGER, defaultValue: 0 },
      lastBacktestAt: DataTypes.DATE,
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
    },
    { tableName: 'strategies', underscored: true, timestamps: false },
  )
}
