import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

export interface RecoveryCodeRow
  extends Model<InferAttributes<RecoveryCodeRow>, InferCreationAttributes<RecoveryCodeRow>> {
  hash: string // SHA-256 of the code, hexadecimal
  userId: string
  createdAt: Date
  usedAt: CreationOptional<Date | null>
}

export function defineRecoveryCode(sequelize: Sequelize) {
  return sequelize.define<RecoveryCodeRow>(
    'RecoveryCode',
    {
      hash: { type: DataTypes.STRING, primaryKey: true },
      userId: { type: DataTypes.STRING, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      usedAt: DataTypes.DATE,
    },
    { tableName: 'recovery_codes', underscored: true, timestamps: false },
  )
}
