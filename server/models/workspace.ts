import { DataTypes, type InferAttributes, type InferCreationAttributes, type Model, type Sequelize } from 'sequelize'
import type { WorkspaceKind } from '../../contracts/workspaces'

export interface WorkspaceRow extends Model<InferAttributes<WorkspaceRow>, InferCreationAttributes<WorkspaceRow>> {
  id: string
  name: string
  kind: WorkspaceKind
  ownerId: string | null
  createdAt: Date
}

export function defineWorkspace(sequelize: Sequelize) {
  return sequelize.define<WorkspaceRow>(
    'Workspace',
    {
      id: { type: DataTypes.STRING, primaryKey: true },
      name: { type: DataTypes.STRING, allowNull: false },
      kind: { type: DataTypes.STRING, allowNull: false },
      ownerId: DataTypes.STRING,
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'workspaces', underscored: true, timestamps: false },
  )
}
