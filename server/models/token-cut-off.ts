import { DataTypes, type InferAttributes, type InferCreationAttributes, type Model, type Sequelize } from 'sequelize'

export interface TokenCutOffRow
  extends Model<InferAttributes<TokenCutOffRow>, InferCreationAttributes<TokenCutOffRow>> {
  userId: string
  issuedBefore: Date // a whole second
  keptSessionId: string | null
  expiresAt: Date
}

export function defineTokenCutOff(sequelize: Sequelize) {
  return sequelize.define<TokenCutOffRow>(
    'TokenCutOff',
    {
      userId: { type: DataTypes.STRING, primaryKey: true },
      issuedBefore: { type: DataTypes.DATE, allowNull: false },
      keptSessionId: DataTypes.STRING,
      expiresAt: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'token_cut_offs', underscored: true, timestamps: false },
  )
}
