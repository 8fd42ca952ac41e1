import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'
import type { Role } from '../../contracts/scopes'

export interface InvitationRow extends Model<InferAttributes<InvitationRow>, InferCreationAttributes<InvitationRow>> {
  id: CreationOptional<string>
  tokenHash: string // SHA-256 of the token, hexadecimal
  email: string | null
  role: Role
  createdBy: string | null
  createdAt: Date
  expiresAt: Date
  acceptedBy: CreationOptional<string | null>
  acceptedAt: CreationOptional<Date | null>
  revokedAt: CreationOptional<Date | null>
}

export function defineInvitation(sequelize: Sequelize) {
  return sequelize.define<InvitationRow>(
    'Invitation',
    {
      id: { type: DataTypes.STRING, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
      tokenHash: { type: DataTypes.STRING, allowNull: false },
      email: DataTypes.STRING,
      role: { type: DataTypes.STRING, allowNull: false },
      createdBy: DataTypes.STRING,
      createdAt: { type: DataTypes.DATE, allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      acceptedBy: DataTypes.STRING,
      acceptedAt: DataTypes.DATE,
      revokedAt: DataTypes.DATE,
    },
    { tableName: 'invitations', underscored: true, timestamps: false },
  )
}
