import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'
import { DEFAULT_ROLE, type Role } from '../../contracts/scopes'

export interface UserRow extends Model<InferAttributes<UserRow>, InferCreationAttributes<UserRow>> {
  id: CreationOptional<string>
  email: string
  name: string
  hashedPassword: string
  isActive: CreationOptional<boolean>
  isAdmin: CreationOptional<boolean> // follows the role, for whoever reads the table by themselves
  role: CreationOptional<Role>
  roleChangedAt: CreationOptional<Date | null>
  emailVerifiedAt: CreationOptional<Date | null> // since when the address is known to be its owner's
  createdAt: CreationOptional<Date>
  updatedAt: CreationOptional<Date | null>
}

export function defineUser(sequelize: Sequelize) {
  return sequelize.define<UserRow>(
    'User',
    {
      id: { type: DataTypes.STRING, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
      email: { type: DataTypes.STRING, allowNull: false },
      name: { type: DataTypes.STRING, allowNull: false },
      hashedPassword: { type: DataTypes.STRING, allowNull: false },
      isActive: { type: DataTypes.BOOLEAN, defaultValue: true },
      isAdmin: { type: DataTypes.BOOLEAN, defaultValue: false },
      role: { type: DataTypes.STRING, allowNull: false, defaultValue: DEFAULT_ROLE },
      roleChangedAt: DataTypes.DATE,
      emailVerifiedAt: DataTypes.DATE,
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
    },
    { tableName: 'users', underscored: true },
  )
}
