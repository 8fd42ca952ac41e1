import { DataTypes, type InferAttributes, type InferCreationAttributes, type Model, type Sequelize } from 'sequelize'

export interface ServerSettingRow
  extends Model<InferAttributes<ServerSettingRow>, InferCreationAttributes<ServerSettingRow>> {
  name: string
  value: string
  updatedAt: Date
}

export function defineServerSetting(sequelize: Sequelize) {
  return sequelize.define<ServerSettingRow>(
    'ServerSetting',
    {
      name: { type: DataTypes.STRING, primaryKey: true },
      value: { type: DataTypes.TEXT, allowNull: false },
      updatedAt: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'server_settings', underscored: true, timestamps: false },
  )
}
