import { DataTypes, type InferAttributes, type InferCreationAttributes, type Model, type Sequelize } from 'sequelize'

export interface AttemptCountRow
  extends Model<InferAttributes<AttemptCountRow>, InferCreationAttributes<AttemptCountRow>> {
  key: string
  points: number
  expiresAt: Date
}

export function defineAttemptCount(sequelize: Sequelize) {
  return sequelize.define<AttemptCountRow>(
    'AttemptCount',
    {
      key: { type: DataTypes.STRING, primaryKey: true },
      points: { type: DataTypes.INTEGER, allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'attempt_counts', underscored: true, timestamps: false },
  )
}
