import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

export interface TotpFactorRow extends Model<InferAttributes<TotpFactorRow>, InferCreationAttributes<TotpFactorRow>> {
  userId: string
  sealedSecret: string // see sealed-text.ts
  createdAt: Date
  confirmedAt: CreationOptional<Date | null> // until then it asks nobody for a code
  lastStep: CreationOptional<number | null> // time step of the newest code that was accepted: RFC 6238 section 5.2
}

export function defineTotpFactor(sequelize: Sequelize) {
  return sequelize.define<TotpFactorRow>(
    'TotpFactor',
    {
      userId: { type: DataTypes.STRING, primaryKey: true },
      sealedSecret: { type: DataTypes.TEXT, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      confirmedAt: DataTypes.DATE,
      lastStep: DataTypes.INTEGER,
    },
    { tableName: 'totp_factors', underscored: true, timestamps: false },
  )
}
