import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

export interface RefreshTokenRow
  extends Model<InferAttributes<RefreshTokenRow>, InferCreationAttributes<RefreshTokenRow>> {
  hash: string // SHA-256 of the token, hexadecimal
  sessionId: string
  issuedAt: Date
  spentAt: CreationOptional<Date | null>
  salt: CreationOptional<string | null> // with the token that was spent, it makes the one that followed
}

export function defineRefreshToken(sequelize: Sequelize) {
  return sequelize.define<RefreshTokenRow>(
    'RefreshToken',
    {
      hash: { type: DataTypes.STRING, primaryKey: true },
      sessionId: { type: DataTypes.STRING, allowNull: false },
      issuedAt: { type: DataTypes.DATE, allowNull: false },
      spentAt: DataTypes.DATE,
      salt: DataTypes.STRING,
    },
    { tableName: 'refresh_tokens', underscored: true, timestamps: false },
  )
}
