import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

export interface PasskeyRow extends Model<InferAttributes<PasskeyRow>, InferCreationAttributes<PasskeyRow>> {
  id: CreationOptional<string>
  userId: string
  credentialId: string // base64url, as the authenticator made it
  publicKey: string // COSE, base64url
  signCount: number | string // Postgres answers large integers as text
  rpId: string // the host name of the page it was made on, where alone it works
  transports: string // separated by commas
  name: string
  createdAt: Date
  lastUsedAt: CreationOptional<Date | null>
}

export function definePasskey(sequelize: Sequelize) {
  return sequelize.define<PasskeyRow>(
    'Passkey',
    {
      id: { type: DataTypes.STRING, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
      userId: { type: DataTypes.STRING, allowNull: false },
      credentialId: { type: DataTypes.TEXT, allowNull: false },
      publicKey: { type: DataTypes.TEXT, allowNull: false },
      signCount: { type: DataTypes.BIGINT, allowNull: false },
      rpId: { type: DataTypes.STRING, allowNull: false },
      transports: { type: DataTypes.STRING, allowNull: false },
      name: { type: DataTypes.STRING, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      lastUsedAt: DataTypes.DATE,
    },
    { tableName: 'passkeys', underscored: true, timestamps: false },
  )
}
