import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

export interface OneTimeTokenRow
  extends Model<InferAttributes<OneTimeTokenRow>, InferCreationAttributes<OneTimeTokenRow>> {
  hash: string // SHA-256 of the token, hexadecimal
  purpose: string
  userId: string
  email: CreationOptional<string | null> // where it was sent, or which address it is about
  boundTo: string // digest of what must not have changed when it is used
  changeId: CreationOptional<string | null> // of the tokens that count only together
  createdAt: Date
  expiresAt: Date
  usedAt: CreationOptional<Date | null>
}

export function defineOneTimeToken(sequelize: Sequelize) {
  return sequelize.define<OneTimeTokenRow>(
    'OneTimeToken',
    {
      hash: { type: DataTypes.STRING, primaryKey: true },
      purpose: { type: DataTypes.STRING, allowNull: false },
      userId: { type: DataTypes.STRING, allowNull: false },
      email: DataTypes.STRING,
      boundTo: { type: DataTypes.STRING, allowNull: false },
      changeId: DataTypes.STRING,
      createdAt: { type: DataTypes.DATE, allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      usedAt: DataTypes.DATE,
    },
    { tableName: 'one_time_tokens', underscored: true, timestamps: false },
  )
}
