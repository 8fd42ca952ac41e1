import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'
import type { LedgerEventType } from '../../contracts/events'

export interface LedgerEventRow
  extends Model<InferAttributes<LedgerEventRow>, InferCreationAttributes<LedgerEventRow>> {
  id: CreationOptional<number>
  type: LedgerEventType
  at: Date
  workspaceId: string
  strategyId: string
  strategyName: string
  subjectId: string | null
  actorId: string | null
  data: string // JSON
}

export function defineLedgerEvent(sequelize: Sequelize) {
  return sequelize.define<LedgerEventRow>(
    'LedgerEvent',
    {
      id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
      type: { type: DataTypes.STRING, allowNull: false },
      at: { type: DataTypes.DATE, allowNull: false },
      workspaceId: { type: DataTypes.STRING, allowNull: false },
      strategyId: { type: DataTypes.STRING, allowNull: false },
      strategyName: { type: DataTypes.TEXT, allowNull: false },
      subjectId: DataTypes.STRING,
      actorId: DataTypes.STRING,
      data: { type: DataTypes.TEXT, allowNull: false },
    },
    { tableName: 'ledger_events', underscored: true, timestamps: false },
  )
}
