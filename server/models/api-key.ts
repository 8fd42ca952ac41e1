import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

export interface ApiKeyRow extends Model<InferAttributes<ApiKeyRow>, InferCreationAttributes<ApiKeyRow>> {
  id: CreationOptional<string>
  userId: string
  name: string
  scopes: string // separated by spaces, as RFC 6749 section 3.3 writes them
  addresses: string | null // separated by spaces
  lifeSeconds: number | null // how long each of its secrets lasts
  createdAt: Date
  expiresAt: Date | null
  revokedAt: CreationOptional<Date | null>
  lastUsedAt: CreationOptional<Date | null>
  lastUsedAddress: CreationOptional<string | null>
}

export function defineApiKey(sequelize: Sequelize) {
  return sequelize.define<ApiKeyRow>(
    'ApiKey',
    {
      id: { type: DataTypes.STRING, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
      userId: { type: DataTypes.STRING, allowNull: false },
      name: { type: DataTypes.STRING, allowNull: false },
      scopes: { type: DataTypes.TEXT, allowNull: false },
      addresses: DataTypes.TEXT,
      lifeSeconds: DataTypes.INTEGER,
      createdAt: { type: DataTypes.DATE, allowNull: false },
      expiresAt: DataTypes.DATE,
      revokedAt: DataTypes.DATE,
      lastUsedAt: DataTypes.DATE,
      lastUsedAddress: DataTypes.STRING,
    },
    { tableName: 'api_keys', underscored: true, timestamps: false },
  )
}
