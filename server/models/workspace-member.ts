import { DataTypes, type InferAttributes, type InferCreationAttributes, type Model, type Sequelize } from 'sequelize'

export interface WorkspaceMemberRow
  extends Model<InferAttributes<WorkspaceMemberRow>, InferCreationAttributes<WorkspaceMemberRow>> {
  workspaceId: string
  userId: string
  role: 'viewer' | 'editor'
  createdAt: Date
}

export function defineWorkspaceMember(sequelize: Sequelize) {
  return sequelize.define<WorkspaceMemberRow>(
    'WorkspaceMember',
    {
      workspaceId: { type: DataTypes.STRING, primaryKey: true },
      userId: { type: DataTypes.STRING, primaryKey: true },
      role: { type: DataTypes.STRING, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'workspace_members', underscored: true, timestamps: false },
  )
}
