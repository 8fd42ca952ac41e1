import type { Level } from 'pino'

export type TokenAlgorithm = 'HS256' | 'HS384' | 'HS512'

export type DatabaseConfig =
  | { dialect: 'sqlite'; storage: string; echo: boolean }
  | { dialect: 'postgres'; host: string; port: number; name: string; user: string; ssl: boolean; echo: boolean }

/** Everything a server needs to know; no secret is in it, so it may be logged. */
export interface ServerConfig {
  version: string
  host: string
  port: number
  /** What to do when the port is taken: refuse, or take any free one (the desktop). */
  portTaken: 'refuse' | 'take-another'
  /** Names besides loopback under which clients may reach the server; needed where `host` is not loopback. */
  allowedHosts: string[]
  allowedOrigins: string[]
  database: DatabaseConfig
  tokens: { algorithm: TokenAlgorithm; lifetimeSeconds: number }
  bcryptRounds: number
  log: { level: Level | 'silent'; folder: string | null } // null: stdout
  /** Where the built dashboard lies; null serves the API alone. */
  rendererFolder: string | null
  /** Where to write the address in use; null writes none. */
  runtimeFile: string | null
}

export interface ServerSecrets {
  /** Signs tokens; 32 bytes or more. */
  signingKey: Uint8Array
  databasePassword?: string
}
