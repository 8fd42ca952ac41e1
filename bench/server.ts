import { join } from 'node:path'
import { version } from '../package.json'
import { readConfig } from '../server/config'
import { startServer } from '../server/index'
import { answerStart } from './support/answer-start'

export interface ServerOptions {
  dataFolder: string
  signingKey: string // base64url
}

/** The product's server as the desktop runs it: default settings, dashboard served, log to a rotating file. */
answerStart(async ({ dataFolder, signingKey }: ServerOptions) => {
  const { config } = readConfig(
    { PORT: '0' },
    {
      version,
      dataFolder,
      logFolder: join(dataFolder, 'logs'),
      rendererFolder: join(__dirname, '..', 'renderer'),
      portTaken: 'refuse',
    },
  )
  const server = await startServer(config, {
    signingKeys: [{ key: Buffer.from(signingKey, 'base64url'), signsFrom: 1 }],
  })
  return { value: Number(new URL(server.origin).port), close: server.close }
})
