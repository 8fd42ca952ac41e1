import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

export interface AuthChallengeRow
  extends Model<InferAttributes<AuthChallengeRow>, InferCreationAttributes<AuthChallengeRow>> {
  hash: string // SHA-256 of the challenge, hexadecimal
  purpose: string
  userId: CreationOptional<string | null>
  sessionId: CreationOptional<string | null>
  passwordDigest: CreationOptional<string | null> // of the stored hash that the password matched
  attempts: CreationOptional<number>
  expiresAt: Date
}

export function defineAuthChallenge(sequelize: Sequelize) {
  return sequelize.define<AuthChallengeRow>(
    'AuthChallenge',
    {
      hash: { type: DataTypes.STRING, primaryKey: true },
      purpose: { type: DataTypes.STRING, allowNull: false },
      userId: DataTypes.STRING,
      sessionId: DataTypes.STRING,
      passwordDigest: DataTypes.STRING,
      attempts: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
    },
    { tableName: 'auth_challenges', underscored: true, timestamps: false },
  )
}
