import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

export interface ApiKeySecretRow
  extends Model<InferAttributes<ApiKeySecretRow>, InferCreationAttributes<ApiKeySecretRow>> {
  hash: string // SHA-256, hex
  keyId: string
  hint: string // its first characters
  createdAt: Date
  worksUntil: CreationOptional<Date | null> // set when another one takes its place
  lastUsedAt: CreationOptional<Date | null>
}

export function defineApiKeySecret(sequelize: Sequelize) {
  return sequelize.define<ApiKeySecretRow>(
    'ApiKeySecret',
    {
      hash: { type: DataTypes.STRING, primaryKey: true },
      keyId: { type: DataTypes.STRING, allowNull: false },
      hint: { type: DataTypes.STRING, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      worksUntil: DataTypes.DATE,
      lastUsedAt: DataTypes.DATE,
    },
    { tableName: 'api_key_secrets', underscored: true, timestamps: false },
  )
}
