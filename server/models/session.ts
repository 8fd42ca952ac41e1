import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

export interface SessionRow extends Model<InferAttributes<SessionRow>, InferCreationAttributes<SessionRow>> {
  id: CreationOptional<string>
  userId: string | null
  createdAt: CreationOptional<Date>
  expiresAt: Date // moves on with each renewal
  revokedAt: CreationOptional<Date | null>
  userAgent: CreationOptional<string | null>
  address: CreationOptional<string | null>
  lastSeenAt: CreationOptional<Date | null>
  provedAt: CreationOptional<Date | null> // when its owner last proved to be there
  keyThumbprint: CreationOptional<string | null> // of the key that a renewal takes; null: none
  shownProofs: CreationOptional<string | null> // [id, seconds since 1970] of each that could be shown again, as JSON
}

export function defineSession(sequelize: Sequelize) {
  return sequelize.define<SessionRow>(
    'Session',
    {
      id: { type: DataTypes.STRING, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
      userId: DataTypes.STRING,
      createdAt: DataTypes.DATE,
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      revokedAt: DataTypes.DATE,
      userAgent: DataTypes.TEXT,
      address: DataTypes.STRING,
      lastSeenAt: DataTypes.DATE,
      provedAt: DataTypes.DATE,
      keyThumbprint: DataTypes.STRING,
      shownProofs: DataTypes.TEXT,
    },
    { tableName: 'sessions', underscored: true, updatedAt: false },
  )
}
